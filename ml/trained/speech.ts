/** Listens with a trained `speech-recognition` model. */
import * as tf from '@tensorflow/tfjs-core';
import { joinScores, windowsOf, type ScoredWindow } from '../ctc/windows';
import { MlError } from '../errors';
import { decodeWords } from '../speech/decodeSpeech';
import { normalizeUtterance, SpeechFeatures } from '../speech/features';
import { resample } from '../audio/resample';
import type { TrainedModel } from './load';
import type { SpeechPreprocessing } from './metadata';

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
  { model, metadata, prior }: TrainedModel,
  samples: Float32Array,
  sampleRate: number,
  options: {
    readonly signal?: AbortSignal;
    readonly onWords?: (words: readonly SpokenWord[], heardSeconds: number) => void;
  } = {},
): Promise<Transcription> {
  const { preprocessing, labels } = metadata;
  if (preprocessing.kind !== 'speech') {
    throw new MlError('model.unsupported', `"${metadata.name}" takes ${preprocessing.kind}, not speech.`);
  }
  const own =
    sampleRate === preprocessing.sampleRate
      ? samples
      : resample(samples, sampleRate, preprocessing.sampleRate);
  const hop = preprocessing.hop * preprocessing.fold;
  const secondsOf = (frame: number): number => Math.min(frame * hop, own.length) / preprocessing.sampleRate;
  const framesOf = (seconds: number): number => Math.round((seconds * preprocessing.sampleRate) / hop);
  const decoding = { labels, prior, ...preprocessing.decoding };
  const features = new SpeechFeatures(preprocessing);
  const windows: ScoredWindow[] = [];
  const plan = { frames: framesOf(longest), stride: framesOf(margin), hop, field: hop };
  let words: SpokenWord[] = [];
  for (const { frame, start, end } of windowsOf(own.length, plan)) {
    options.signal?.throwIfAborted();
    windows.push({ frame, ...(await scoresOf(model, features, preprocessing, own.subarray(start, end))) });
    const { scores, frames } = joinScores(windows, labels.length);
    words = decodeWords(scores, frames, decoding).map(({ text, start: from, end: to }) => ({
      text,
      start: secondsOf(from),
      end: secondsOf(to),
    }));
    options.onWords?.(words, end / preprocessing.sampleRate);
  }
  return {
    text: words.map(({ text }) => text).join(' '),
    words,
    audioSeconds: own.length / preprocessing.sampleRate,
  };
}

/** Scores of one part, `[frames, labels]`. */
async function scoresOf(
  model: TrainedModel['model'],
  features: SpeechFeatures,
  preprocessing: SpeechPreprocessing,
  samples: Float32Array,
): Promise<{ scores: Float32Array; frames: number }> {
  const { data, frames, width } = features.energies(samples, preprocessing.sampleRate);
  normalizeUtterance(data, preprocessing.deviation);
  const answer = tf.tidy(() => model.predict(tf.tensor3d(data, [1, frames, width])) as tf.Tensor3D);
  try {
    return { scores: await answer.data<'float32'>(), frames: answer.shape[1] };
  } finally {
    answer.dispose();
  }
}
