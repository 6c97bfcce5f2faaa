/** What is there of an answer while the model still works: sound that grows, words that come. */
import type { Hearing } from '../../../ml/published/listener';
import type { WrittenPiece } from '../../../ml/published/writer';
import { h, setText } from '../../common/dom';
import type { Page } from '../../common/page';
import { drawPeaks } from '../miniWave';
import { joinedPieces } from '../../../ml/audio/audioData';
import type { Sound } from './work';

export interface LiveView {
  readonly element: HTMLElement;
  /** The sentence under it: loading, how far. */
  say(words: string): void;
}

function frame(...parts: (HTMLElement | false)[]): LiveView {
  const line = h('p', { class: 'muted figure figures', attrs: { role: 'status' } });
  return {
    element: h('div', { class: 'stack', attrs: { 'data-live': '' } }, ...parts, line),
    say: (words) => setText(line, words),
  };
}

export interface LiveSound extends LiveView {
  push(piece: Sound): void;
}

export function liveSound({ t, format }: Page<unknown>): LiveSound {
  const wave = h('canvas', { class: 'mini-wave ltr', attrs: { role: 'img', 'aria-label': t('voice.wave') } });
  const view = frame(wave);
  const pieces: Float32Array[] = [];
  return {
    ...view,
    push: ({ samples, sampleRate }) => {
      pieces.push(samples);
      const whole = joinedPieces(pieces);
      drawPeaks(wave, whole);
      view.say(t('voice.speaking', { time: format.duration(whole.length / sampleRate) }));
    },
  };
}

export interface LiveText extends LiveView {
  hear(hearing: Hearing): void;
  write(piece: WrittenPiece): void;
}

export function liveText({ t, format }: Page<unknown>): LiveText {
  const text = h('p', { id: 'partial', class: 'transcript', dir: 'auto' });
  const bar = h('progress', { hidden: true, attrs: { max: 1, 'aria-label': t('playground.running') } });
  const view = frame(text, bar);
  return {
    ...view,
    hear: ({ text: heard, heardSeconds, totalSeconds }) => {
      setText(text, heard);
      bar.hidden = false;
      bar.value = totalSeconds > 0 ? heardSeconds / totalSeconds : 0;
      const [done, total] = [format.duration(heardSeconds), format.duration(totalSeconds)];
      view.say(t('listen.hearing', { done, total }));
    },
    write: ({ piece, tokens }) => {
      text.append(piece);
      view.say(t('write.writing', { n: format.integer(tokens) }));
    },
  };
}
