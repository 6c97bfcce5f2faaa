import * as z from 'zod';
import { MlError } from '../../errors';
import { parseConfig } from '../shared/config';

const size = z.number().int().positive().max(10_000_000);
const sizes = z.array(size).min(1).max(100);

const schema = z.looseObject({
  vocab_size: size,
  hidden_size: size,
  num_hidden_layers: size.max(1000),
  num_attention_heads: size,
  intermediate_size: size,
  hidden_act: z.string().default('gelu'),
  layer_norm_eps: z.number().positive().default(1e-5),
  do_stable_layer_norm: z.boolean().default(false),
  feat_extract_norm: z.enum(['group', 'layer']).default('group'),
  feat_extract_activation: z.string().default('gelu'),
  conv_dim: sizes,
  conv_kernel: sizes,
  conv_stride: sizes,
  conv_bias: z.boolean().default(false),
  num_conv_pos_embeddings: size.default(128),
  num_conv_pos_embedding_groups: size.default(16),
  add_adapter: z.boolean().default(false),
  adapter_attn_dim: size.nullish(),
  pad_token_id: z.number().int().nonnegative().nullish(),
  ctc_loss_reduction: z.enum(['sum', 'mean']).default('sum'),
  ctc_zero_infinity: z.boolean().default(false),
});

export interface ConvShape {
  readonly from: number;
  readonly to: number;
  readonly kernel: number;
  readonly stride: number;
}

export interface Wav2Vec2Config {
  readonly vocabulary: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly inner: number;
  readonly activation: string;
  readonly epsilon: number;
  /** Normalised before each half of a layer, and once after the last. */
  readonly normFirst: boolean;
  /** From samples to frames. */
  readonly convs: readonly ConvShape[];
  readonly convActivation: string;
  readonly convBias: boolean;
  /** `group`: each channel of the first convolution over the utterance; `layer`: each frame of all of them. */
  readonly convNorm: 'group' | 'layer';
  readonly positionKernel: number;
  readonly positionGroups: number;
  /** The class that says nothing. */
  readonly blank: number;
  readonly lossReduction: 'sum' | 'mean';
  readonly zeroInfinity: boolean;
}

/** Throws `model.corrupt`, or `model.unsupported` for variants that compute otherwise. */
export function wav2vec2Config(json: unknown): Wav2Vec2Config {
  const config = parseConfig(schema, json);
  const { hidden_size: width, num_attention_heads: heads, num_conv_pos_embedding_groups: groups } = config;
  if (width % heads !== 0 || width % groups !== 0) {
    const parts = width % heads === 0 ? `${groups} groups` : `${heads} heads`;
    throw new MlError('model.corrupt', `config.json divides a width of ${width} among ${parts}.`);
  }
  if (config.add_adapter || typeof config.adapter_attn_dim === 'number') {
    throw new MlError('model.unsupported', 'Wav2Vec2 with adapters is not run here.');
  }
  return {
    vocabulary: config.vocab_size,
    width,
    layers: config.num_hidden_layers,
    heads,
    inner: config.intermediate_size,
    activation: config.hidden_act,
    epsilon: config.layer_norm_eps,
    normFirst: config.do_stable_layer_norm,
    convs: convShapes(config.conv_dim, config.conv_kernel, config.conv_stride),
    convActivation: config.feat_extract_activation,
    convBias: config.conv_bias,
    convNorm: config.feat_extract_norm,
    positionKernel: config.num_conv_pos_embeddings,
    positionGroups: groups,
    blank: config.pad_token_id ?? 0,
    lossReduction: config.ctc_loss_reduction,
    zeroInfinity: config.ctc_zero_infinity,
  };
}

function convShapes(channels: number[], kernels: number[], strides: number[]): ConvShape[] {
  if (kernels.length !== channels.length || strides.length !== channels.length) {
    throw new MlError('model.corrupt', 'config.json lists convolutions of different numbers.');
  }
  return channels.map((to, i) => ({
    from: channels[i - 1] ?? 1,
    to,
    kernel: kernels[i] ?? 1,
    stride: strides[i] ?? 1,
  }));
}

/** Frames that come of so many samples. */
export function framesOf(samples: number, convs: readonly ConvShape[]): number {
  const frames = convs.reduce(
    (length, { kernel, stride }) => Math.floor((length - kernel) / stride) + 1,
    samples,
  );
  return Math.max(0, frames);
}

/** Samples that so many frames are made of, and from which on the frame after the first begins. */
export function fieldOf(frames: number, convs: readonly ConvShape[]): { length: number; hop: number } {
  const length = convs.reduceRight((count, { kernel, stride }) => (count - 1) * stride + kernel, frames);
  return { length, hop: convs.reduce((product, { stride }) => product * stride, 1) };
}
