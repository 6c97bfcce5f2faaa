import * as tf from '@tensorflow/tfjs-core';
import type { Frames } from '../../dsp/stft';
import { MlError } from '../../errors';
import type { ModelTensors } from '../../weights/modelTensors';
import { takeNorm, type Norm } from '../shared/dense';
import { takeEncoderLayer, type EncoderLayer, type EncoderShape } from '../shared/encoderLayer';
import { EncoderStack } from '../shared/encoderStack';
import { centre, gelu, layerNorm } from '../shared/ops';
import type { WhisperConfig } from './config';

/** Of all its normalisations, which no config sets. */
export const epsilon = 1e-5;

interface Conv {
  /** `[1, 3, from, to]` */
  readonly filter: tf.Tensor4D;
  readonly bias: tf.Tensor1D;
}

export interface WhisperEncoder {
  readonly convs: readonly [Conv, Conv];
  readonly positions: tf.Tensor2D;
  readonly stack: EncoderStack;
  readonly norm: Norm;
}

export async function takeEncoder(tensors: ModelTensors, config: WhisperConfig): Promise<WhisperEncoder> {
  const { width, mels, sourcePositions, encoder } = config;
  const convs = [
    await takeConv(tensors, 'encoder.conv1', mels, width),
    await takeConv(tensors, 'encoder.conv2', width, width),
  ] as const;
  const positions = await tensors.take('encoder.embed_positions.weight', [sourcePositions, width]);
  const layers: EncoderLayer[] = [];
  for (let i = 0; i < encoder.layers; i++) {
    const at = `encoder.layers.${i}`;
    const names = {
      query: `${at}.self_attn.q_proj`,
      key: `${at}.self_attn.k_proj`,
      keyBias: false,
      value: `${at}.self_attn.v_proj`,
      attentionOut: `${at}.self_attn.out_proj`,
      attentionNorm: `${at}.self_attn_layer_norm`,
      widen: `${at}.fc1`,
      narrow: `${at}.fc2`,
      finalNorm: `${at}.final_layer_norm`,
    };
    layers.push(await takeEncoderLayer(tensors, names, encoderShape(config)));
  }
  const norm = await takeNorm(tensors, 'encoder.layer_norm', width);
  const stack = new EncoderStack(layers, encoderShape(config));
  return { convs, positions: positions as tf.Tensor2D, stack, norm };
}

function encoderShape({ width, encoder, activation }: WhisperConfig): EncoderShape {
  return { width, inner: encoder.inner, heads: encoder.heads, epsilon, activation, normFirst: true };
}

async function takeConv(tensors: ModelTensors, name: string, from: number, to: number): Promise<Conv> {
  const stored = await tensors.take(`${name}.weight`, [to, from, 3]);
  const filter = tensors.keep(tf.tidy(() => tf.expandDims<tf.Tensor4D>(tf.transpose(stored, [2, 1, 0]), 0)));
  tensors.release(stored);
  return { filter, bias: (await tensors.take(`${name}.bias`, [to])) as tf.Tensor1D };
}

/**
 * @param mel as many frames as the model takes: twice its positions
 * @param tap called with what the convolutions give, `[positions, width]`
 * @returns `[positions, width]`, the caller's. Throws `input.invalid`.
 */
export function encode(
  { convs, positions, stack, norm }: WhisperEncoder,
  mel: Frames,
  config: WhisperConfig,
  tap?: (x: tf.Tensor2D) => void,
): tf.Tensor2D {
  const { sourcePositions, mels, width } = config;
  if (mel.frames !== 2 * sourcePositions || mel.width !== mels) {
    throw new MlError(
      'input.invalid',
      `The model takes ${2 * sourcePositions} frames of ${mels} mels, not ${mel.frames} of ${mel.width}.`,
    );
  }
  return tf.tidy(() => {
    const convolved = tf.tidy(() => {
      const input = tf.tensor4d(mel.data, [1, 1, mel.frames, mel.width]);
      const first = gelu(runConv(convs[0], input, 1));
      return tf.reshape<tf.Rank.R2>(gelu(runConv(convs[1], first, 2)), [sourcePositions, width]);
    });
    tap?.(convolved);
    const x = tf.tidy(() => centre(tf.add<tf.Tensor2D>(convolved, positions)));
    convolved.dispose();
    return layerNorm(stack.run(x, 1, undefined), norm.gamma, norm.beta, epsilon);
  });
}

function runConv({ filter, bias }: Conv, x: tf.Tensor4D, stride: number): tf.Tensor4D {
  return tf.tidy(() => {
    const ends: [number, number][] = [
      [0, 0],
      [0, 0],
      [1, 1],
      [0, 0],
    ];
    const padded = tf.pad(x, ends);
    return tf.fused.conv2d({ x: padded, filter, strides: [1, stride], pad: 'valid', bias });
  });
}
