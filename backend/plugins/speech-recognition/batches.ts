/** Recordings of different lengths as tensors. */
import * as tf from '@tensorflow/tfjs-core';
import { framesNeeded } from '../../../ml/ctc/ctcLoss';

/** What an example's numbers are: `width` of them a frame, `fold` frames for each of the model's. */
export interface FrameShape {
  readonly width: number;
  readonly fold: number;
}

/** `frames` `[n, longest, width]`, zeros for padding; for each recording its text as classes and the model's frames it has. */
export type Batch = { frames: tf.Tensor3D; labels: Int32Array[]; lengths: Int32Array };

export interface Example {
  /** Normalised, `[frames, width]`. */
  readonly data: Float32Array;
  readonly classes: Int32Array;
}

export function toBatch(examples: readonly Example[], { width, fold }: FrameShape): Batch {
  const longest = Math.max(...examples.map(({ data }) => data.length / width));
  const padded = Math.ceil(longest / fold) * fold;
  const all = new Float32Array(examples.length * padded * width);
  examples.forEach(({ data }, i) => all.set(data, i * padded * width));
  return {
    frames: tf.tensor3d(all, [examples.length, padded, width]),
    labels: examples.map(({ classes }) => classes),
    lengths: Int32Array.from(examples, ({ data }) => Math.floor(data.length / width / fold)),
  };
}

/** Whether frames can hold the text: a faster recording may be too short for it. */
export const fits = ({ data, classes }: Example, { width, fold }: FrameShape): boolean =>
  Math.floor(data.length / width / fold) >= framesNeeded(classes);
