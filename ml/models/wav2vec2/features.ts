/**
 * From samples to frames: convolutions, run over a stretch of the sound at a time, so that memory does not grow with
 * its length and what one step wrote is still near when the next one reads it.
 */
import * as tf from '@tensorflow/tfjs-core';
import { MlError } from '../../errors';
import type { ModelTensors } from '../../weights/modelTensors';
import type { Norm } from '../shared/dense';
import { foldedActivation } from '../shared/ops';
import { fieldOf, framesOf, type ConvShape, type Wav2Vec2Config } from './config';
import { foldUtteranceNorm, takeFirstConv, type FirstConv } from './firstConv';

/** Frames that are made at once: two seconds of speech. */
const stretch = 100;
/** Of the normalisations between the convolutions, which no config sets. */
const convEpsilon = 1e-5;

interface Conv extends ConvShape {
  /** `[1, kernel, from, to]` */
  readonly filter: tf.Tensor4D;
  readonly bias: tf.Tensor1D | undefined;
  /** Of each frame over its channels, whose mean the filter and the bias have been freed of. */
  readonly norm: Norm | undefined;
}

export interface FeatureExtractor {
  /** Undefined in the `layer` variant, whose first convolution is like the others. */
  readonly first: FirstConv | undefined;
  readonly convs: readonly Conv[];
}

export async function takeFeatureExtractor(
  tensors: ModelTensors,
  config: Wav2Vec2Config,
): Promise<FeatureExtractor> {
  const byUtterance = config.convNorm === 'group';
  const first = byUtterance ? await takeFirstConv(tensors, config) : undefined;
  const convs: Conv[] = [];
  for (const [i, shape] of config.convs.entries()) {
    if (byUtterance && i === 0) continue;
    convs.push(await takeConv(tensors, shape, i, config));
  }
  return { first, convs };
}

async function takeConv(
  tensors: ModelTensors,
  shape: ConvShape,
  index: number,
  config: Wav2Vec2Config,
): Promise<Conv> {
  const at = `feature_extractor.conv_layers.${index}`;
  const { before, after } = foldedActivation(config.convActivation);
  const { from, to, kernel } = shape;
  const centred = config.convNorm === 'layer';
  const stored = await tensors.take(`${at}.conv.weight`, [to, from, kernel]);
  const shift = config.convBias ? await tensors.take(`${at}.conv.bias`, [to]) : undefined;
  // A normalisation after it would undo a factor of its output, so that this one goes into the norm.
  const outputScale = centred ? 1 : before;
  const filter = tf.tidy(() => {
    const turned = tf.expandDims<tf.Tensor4D>(tf.transpose(stored, [2, 1, 0]), 0);
    const scaled: tf.Tensor4D = tf.mul(turned, (index === 0 ? 1 : after) * outputScale);
    return centred ? withoutMean(scaled) : scaled;
  });
  const bias =
    shift === undefined
      ? undefined
      : tf.tidy(() => (centred ? withoutMean(shift) : tf.mul(shift, outputScale)) as tf.Tensor1D);
  tensors.keep(filter);
  if (bias !== undefined) tensors.keep(bias);
  tensors.release(stored);
  if (shift !== undefined) tensors.release(shift);
  return {
    ...shape,
    filter,
    bias,
    norm: centred ? await takeScaledNorm(tensors, at, to, before) : undefined,
  };
}

function withoutMean<T extends tf.Tensor>(x: T): T {
  return tf.sub(x, tf.mean(x, -1, true));
}

async function takeScaledNorm(
  tensors: ModelTensors,
  at: string,
  width: number,
  scale: number,
): Promise<Norm> {
  const part = async (name: string): Promise<tf.Tensor1D> => {
    const stored = await tensors.take(`${at}.layer_norm.${name}`, [width]);
    const scaled = tensors.keep(tf.mul<tf.Tensor1D>(stored, scale));
    tensors.release(stored);
    return scaled;
  };
  return { gamma: await part('weight'), beta: await part('bias') };
}

/**
 * @param samples of one utterance
 * @returns `[frames, channels]`, the caller's. Throws `input.invalid` for a sound shorter than a frame.
 */
export function extractFeatures(
  { first, convs }: FeatureExtractor,
  samples: Float32Array,
  config: Wav2Vec2Config,
): tf.Tensor2D {
  const frames = framesOf(samples.length, config.convs);
  if (frames === 0) {
    const least = fieldOf(1, config.convs).length;
    throw new MlError('input.invalid', `The model needs at least ${least} samples, not ${samples.length}.`);
  }
  const { after, apply } = foldedActivation(config.convActivation);
  return tf.tidy(() => {
    const folded = first === undefined ? [] : [foldUtteranceNorm(first, samples, config)];
    const all = [...folded, ...convs];
    const parts: tf.Tensor2D[] = [];
    for (let from = 0; from < frames; from += stretch) {
      const count = Math.min(stretch, frames - from);
      const { length } = fieldOf(count, config.convs);
      const start = from * fieldOf(1, config.convs).hop;
      parts.push(tf.tidy(() => runStretch(all, samples.subarray(start, start + length), after, apply)));
    }
    return parts.length === 1 ? (parts[0] as tf.Tensor2D) : tf.concat(parts);
  });
}

function runStretch(
  convs: readonly Conv[],
  samples: Float32Array,
  after: number,
  apply: (x: tf.Tensor) => tf.Tensor,
): tf.Tensor2D {
  let x: tf.Tensor4D = tf.tensor4d(samples, [1, 1, samples.length, 1]);
  for (const conv of convs) {
    const next = tf.tidy(() => apply(runConv(conv, x)) as tf.Tensor4D);
    x.dispose();
    x = next;
  }
  const [, , frames, channels] = x.shape;
  return tf.mul(tf.reshape<tf.Rank.R2>(x, [frames, channels]), after);
}

function runConv({ filter, bias, norm, stride }: Conv, x: tf.Tensor4D): tf.Tensor4D {
  const strides: [number, number] = [1, stride];
  const y =
    bias === undefined
      ? tf.conv2d(x, filter, strides, 'valid')
      : tf.fused.conv2d({ x, filter, strides, pad: 'valid', bias });
  if (norm === undefined) return y;
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(y), -1, true), convEpsilon));
  return tf.add(tf.mul(tf.mul(y, inverse), norm.gamma), norm.beta);
}
