/** Utterances of different lengths as tensors. */
import * as tf from '@tensorflow/tfjs-core';
import { padRows } from '../../../ml/g2p/letters';

export interface Utterance {
  readonly audioPath: string;
  readonly text: string;
  readonly line: number;
  readonly ids: readonly number[];
  /** Normalised log-mels `[frames, mels]`. */
  readonly mels: Float32Array;
  readonly frames: number;
}

/** `ids` `[n, longest]`, `mels` `[n, longest, mels]` and `mask` `[n, longest, 1]`, zeros for padding. */
export type Batch = {
  ids: tf.Tensor2D;
  mels: tf.Tensor3D;
  mask: tf.Tensor3D;
  /** The numbers of `ids`. */
  symbols: Int32Array;
  tokens: Int32Array;
  frames: Int32Array;
};

export function toBatch(utterances: readonly Utterance[], width: number): Batch {
  const { data, length } = padRows(utterances.map(({ ids }) => ids));
  const longest = Math.max(...utterances.map(({ frames }) => frames));
  const mels = new Float32Array(utterances.length * longest * width);
  const mask = new Float32Array(utterances.length * longest);
  utterances.forEach((one, i) => {
    mels.set(one.mels, i * longest * width);
    mask.fill(1, i * longest, i * longest + one.frames);
  });
  return {
    ids: tf.tensor2d(data, [utterances.length, length], 'int32'),
    mels: tf.tensor3d(mels, [utterances.length, longest, width]),
    mask: tf.tensor3d(mask, [utterances.length, longest, 1]),
    symbols: data,
    tokens: Int32Array.from(utterances, ({ ids }) => ids.length),
    frames: Int32Array.from(utterances, ({ frames }) => frames),
  };
}
