/**
 * The first convolution of the `group` variant normalises each channel over the whole utterance. Mean and variance of
 * its output follow from those of its windows: both go into its filter, and the largest tensor of the model is never
 * normalised, nor even held as a whole.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelTensors } from '../../weights/modelTensors';
import { foldedActivation } from '../shared/ops';
import { framesOf, type ConvShape, type Wav2Vec2Config } from './config';

const epsilon = 1e-5;

/** On the host: a few thousand numbers. A bias would vanish in the normalisation. */
export interface FirstConv {
  /** `[to, kernel]`, row after row. */
  readonly weights: Float32Array;
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
}

interface FoldedConv extends ConvShape {
  readonly filter: tf.Tensor4D;
  readonly bias: tf.Tensor1D;
  readonly norm: undefined;
}

export async function takeFirstConv(
  tensors: ModelTensors,
  { convs }: Wav2Vec2Config,
): Promise<FirstConv | undefined> {
  const [shape] = convs;
  if (shape === undefined) return undefined;
  const at = 'feature_extractor.conv_layers.0';
  const values = async (name: string, size: readonly number[]): Promise<Float32Array> =>
    Float32Array.from((await tensors.values(`${at}.${name}`, size)).data);
  return {
    weights: await values('conv.weight', [shape.to, 1, shape.kernel]),
    gamma: await values('layer_norm.weight', [shape.to]),
    beta: await values('layer_norm.bias', [shape.to]),
  };
}

/** Call inside `tf.tidy`. */
export function foldUtteranceNorm(
  { weights, gamma, beta }: FirstConv,
  samples: Float32Array,
  config: Wav2Vec2Config,
): FoldedConv {
  const shape = config.convs[0] as ConvShape;
  const { to, kernel } = shape;
  const { before } = foldedActivation(config.convActivation);
  const { means, covariances } = windowMoments(samples, shape);
  const filter = new Float32Array(kernel * to);
  const bias = new Float32Array(to);
  for (let c = 0; c < to; c++) {
    const row = weights.subarray(c * kernel, (c + 1) * kernel);
    let mean = 0;
    let variance = 0;
    for (let i = 0; i < kernel; i++) {
      mean += (row[i] ?? 0) * (means[i] ?? 0);
      for (let j = 0; j < kernel; j++) {
        variance += (row[i] ?? 0) * (row[j] ?? 0) * (covariances[i * kernel + j] ?? 0);
      }
    }
    const scale = (gamma[c] ?? 0) / Math.sqrt(Math.max(0, variance) + epsilon);
    for (let i = 0; i < kernel; i++) filter[i * to + c] = (row[i] ?? 0) * scale * before;
    bias[c] = ((beta[c] ?? 0) - mean * scale) * before;
  }
  return {
    ...shape,
    filter: tf.tensor4d(filter, [1, kernel, 1, to]),
    bias: tf.tensor1d(bias),
    norm: undefined,
  };
}

/** Of the windows that the convolution sees: each place's mean, and how places vary together (population). */
export function windowMoments(
  samples: Float32Array,
  shape: ConvShape,
): { means: Float64Array; covariances: Float64Array } {
  const { kernel, stride } = shape;
  const windows = framesOf(samples.length, [shape]);
  const means = new Float64Array(kernel);
  for (let i = 0; i < kernel; i++) {
    let sum = 0;
    for (let t = 0; t < windows; t++) sum += samples[t * stride + i] ?? 0;
    means[i] = sum / windows;
  }
  const covariances = new Float64Array(kernel * kernel);
  for (let i = 0; i < kernel; i++) {
    for (let j = i; j < kernel; j++) {
      const [a, b] = [means[i] ?? 0, means[j] ?? 0];
      let sum = 0;
      for (let t = 0; t < windows; t++) {
        const at = t * stride;
        sum += ((samples[at + i] ?? 0) - a) * ((samples[at + j] ?? 0) - b);
      }
      covariances[i * kernel + j] = sum / windows;
      covariances[j * kernel + i] = sum / windows;
    }
  }
  return { means, covariances };
}
