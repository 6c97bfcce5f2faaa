/** Listens with a trained `speech-recognition` model. */
import * as tf from '@tensorflow/tfjs-core';
import type { Frames } from '../dsp/stft';
import { joinScores, windowsOf, type ScoredWindow } from '../ctc/windows';
import { MlError } from '../errors';
import { decodeWords } from '../speech/decodeSpeech';
import type { Ear } from '../speech/ear';
import { featuresEar, normalizeUtterance } from '../speech/features';
import { resample } from '../audio/resample';
import type { TrainedModel } from './load';

export interface SpokenWord {
  readonly text: string;
  /** Seconds. */
  readonly start: number;
  readonly end: number;
}

export interface Transcription {
  readonly text: string;
  readonly words: readonly SpokenWord[];
  readonly audioSeconds: number;
}

/** Seconds that are heard at once, and those at either side of a part that its neighbour knows better. */
const longest = 20;
const margin = 1.5;

/**
 * @param samples mono, at any rate
 * @param options.onWords called after each part with all words so far, of which the last may still change, and the seconds heard
 * Throws `input.invalid` for sound without speech length, `model.unsupported` for a model of something else.
 */
export async function transcribeSpeech(
  trained: TrainedModel,
  samples: Float32Array,
  sampleRate: number,
  options: {
    readonly signal?: AbortSignal;
    readonly onWords?: (words: readonly SpokenWord[], heardSeconds: number) => void;
  } = {},
): Promise<Transcription> {
  const { model, metadata, prior, words: list } = trained;
  const { preprocessing, labels } = metadata;
  const ear = earOf(trained);
  if ((preprocessing.kind !== 'speech' && preprocessing.kind !== 'encodedSpeech') || ear === undefined) {
    throw new MlError('model.unsupported', `"${metadata.name}" takes ${preprocessing.kind}, not speech.`);
  }
  const rate = ear.sampleRate;
  const own = sampleRate === rate ? samples : resample(samples, sampleRate, rate);
  const hop = ear.hop * preprocessing.fold;
  const secondsOf = (frame: number): number => Math.min(frame * hop, own.length) / rate;
  const framesOf = (seconds: number): number => Math.round((seconds * rate) / hop);
  const decoding = { labels, prior, words: list, units: preprocessing.units, ...preprocessing.decoding };
  const windows: ScoredWindow[] = [];
  const field = (preprocessing.fold - 1) * ear.hop + ear.field;
  const plan = { frames: framesOf(longest), stride: framesOf(margin), hop, field };
  let words: SpokenWord[] = [];
  for (const { frame, start, end } of windowsOf(own.length, plan)) {
    options.signal?.throwIfAborted();
    const part = await ear.hear(own.subarray(start, end));
    normalizeUtterance(part.data, preprocessing.deviation);
    windows.push({ frame, ...(await scoresOf(model, part)) });
    const { scores, frames } = joinScores(windows, labels.length);
    words = decodeWords(scores, frames, decoding).map(({ text, start: from, end: to }) => ({
      text,
      start: secondsOf(from),
      end: secondsOf(to),
    }));
    options.onWords?.(words, end / rate);
  }
  return {
    text: words.map(({ text }) => text).join(' '),
    words,
    audioSeconds: own.length / rate,
  };
}

function earOf({ metadata: { preprocessing }, encoder }: TrainedModel): Ear | undefined {
  return preprocessing.kind === 'speech' ? featuresEar(preprocessing) : encoder;
}

/** Scores of one part, `[frames, labels]`. */
async function scoresOf(
  model: TrainedModel['model'],
  { data, frames, width }: Frames,
): Promise<{ scores: Float32Array; frames: number }> {
  const answer = tf.tidy(() => model.predict(tf.tensor3d(data, [1, frames, width])) as tf.Tensor3D);
  try {
    return { scores: await answer.data<'float32'>(), frames: answer.shape[1] };
  } finally {
    answer.dispose();
  }
}
