import type { MessageKey, Translate } from '../common/i18n/translate';

/** Findings that a row can have, in the order of their weight. */
const names: Readonly<Record<string, MessageKey>> = {
  'audio.missing': 'finding.audioMissing',
  'audio.unreadable': 'finding.audioUnreadable',
  'path.outside': 'finding.pathOutside',
  'text.empty': 'finding.textEmpty',
  'row.length': 'finding.rowLength',
  'id.empty': 'finding.idEmpty',
  'id.duplicate': 'finding.idDuplicate',
  'audio.ratio': 'finding.audioRatio',
  'audio.clipping': 'finding.audioClipping',
  'audio.silent': 'finding.audioSilent',
  'audio.silence': 'finding.audioSilence',
  'audio.short': 'finding.audioShort',
  'audio.long': 'finding.audioLong',
  'audio.duplicate': 'finding.audioDuplicate',
  'text.letters': 'finding.textLetters',
  'text.digits': 'finding.textDigits',
  'text.latin': 'finding.textLatin',
  'text.character': 'finding.textCharacter',
  'text.encoding': 'finding.textEncoding',
  'text.invisible': 'finding.textInvisible',
  'text.halfSpace': 'finding.textHalfSpace',
  'text.spaces': 'finding.textSpaces',
  'text.duplicate': 'finding.textDuplicate',
  'row.duplicate': 'finding.rowDuplicate',
  'label.few': 'finding.labelFew',
};

export const rowFindings = Object.keys(names);

/** A code without words of its own stands for itself. */
export function findingName(code: string, t: Translate): string {
  const key = names[code];
  return key === undefined ? code : t(key);
}
