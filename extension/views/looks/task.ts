/** Names and icons of tasks: the hub's pipeline tags, Goya's own training tasks, and the library's model types. */
import type { ModelType } from '../../../protocol/model/model';
import { t } from '../../text/translate';

const icons: Readonly<Record<string, string>> = {
  tts: 'unmute',
  'text-to-speech': 'unmute',
  'text-to-audio': 'unmute',
  stt: 'mic',
  'automatic-speech-recognition': 'mic',
  'speech-recognition': 'mic',
  llm: 'comment-discussion',
  'text-generation': 'comment-discussion',
  'audio-classification': 'pulse',
  'voice-activity-detection': 'pulse',
  'tabular-classification': 'table',
  'text-classification': 'tag',
  'token-classification': 'tag',
  'fill-mask': 'edit',
  'feature-extraction': 'graph-scatter',
  'sentence-similarity': 'graph-scatter',
  translation: 'globe',
  'grapheme-to-phoneme': 'symbol-text',
};

export function taskIcon(task: string | undefined): string {
  return icons[task ?? ''] ?? 'beaker';
}

export function typeName(type: ModelType): string {
  switch (type) {
    case 'tts':
      return t('Text to speech');
    case 'stt':
      return t('Speech to text');
    case 'llm':
      return t('Language');
    case 'other':
      return t('Other');
  }
}

export function taskName(task: string): string {
  switch (task) {
    case 'tts':
    case 'stt':
    case 'llm':
    case 'other':
      return typeName(task);
    case 'text-to-speech':
      return typeName('tts');
    case 'automatic-speech-recognition':
      return typeName('stt');
    case 'text-generation':
      return typeName('llm');
    case 'audio-classification':
      return t('audio');
    case 'tabular-classification':
      return t('table');
    case 'text-classification':
      return t('text');
    case 'grapheme-to-phoneme':
      return t('pronunciation');
    default:
      return task.replaceAll('-', ' ');
  }
}
