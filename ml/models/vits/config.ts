import * as z from 'zod';
import { MlError } from '../../errors';
import { generatorConfig, generatorFields, type GeneratorConfig } from '../hifigan/config';
import { parseConfig } from '../shared/config';

const size = z.number().int().positive().max(10_000_000);
const layers = z.number().int().nonnegative().max(1000);

const schema = z.looseObject({
  ...generatorFields,
  upsample_rates: generatorFields.upsample_rates.default([8, 8, 2, 2]),
  upsample_kernel_sizes: generatorFields.upsample_kernel_sizes.default([16, 16, 4, 4]),
  vocab_size: size,
  hidden_size: size.default(192),
  num_hidden_layers: layers.default(6),
  num_attention_heads: size.default(2),
  window_size: z.number().int().nonnegative().max(100_000).nullable().default(4),
  use_bias: z.boolean().default(true),
  ffn_dim: size.default(768),
  ffn_kernel_size: size.default(3),
  flow_size: size.default(192),
  hidden_act: z.string().default('relu'),
  layer_norm_eps: z.number().positive().default(1e-5),
  use_stochastic_duration_prediction: z.boolean().default(true),
  num_speakers: size.default(1),
  speaker_embedding_size: z.number().int().nonnegative().max(1_000_000).default(0),
  prior_encoder_num_flows: layers.default(4),
  prior_encoder_num_wavenet_layers: size.max(1000).default(4),
  wavenet_kernel_size: size.default(5),
  wavenet_dilation_rate: size.default(1),
  duration_predictor_num_flows: layers.default(4),
  // Each takes a thousandth at least.
  duration_predictor_flow_bins: size.max(1000).default(10),
  duration_predictor_tail_bound: z.number().positive().default(5),
  duration_predictor_kernel_size: size.default(3),
  duration_predictor_filter_channels: size.default(256),
  depth_separable_channels: size.default(2),
  depth_separable_num_layers: layers.default(3),
  speaking_rate: z.number().positive().default(1),
  noise_scale: z.number().default(0.667),
  noise_scale_duration: z.number().default(0.8),
  sampling_rate: size.default(16_000),
});

export interface EncoderConfig {
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  /** How far relative positions are told apart; 0 where they are not learned. */
  readonly window: number;
  readonly bias: boolean;
  readonly inner: number;
  readonly innerSize: number;
  readonly activation: string;
  readonly epsilon: number;
}

export interface FlowConfig {
  /** Channels of the latents. */
  readonly channels: number;
  readonly width: number;
  readonly flows: number;
  readonly layers: number;
  readonly size: number;
  readonly dilationRate: number;
}

export interface DurationConfig {
  readonly stochastic: boolean;
  readonly width: number;
  /** Of the deterministic one. */
  readonly inner: number;
  readonly size: number;
  readonly epsilon: number;
  readonly flows: number;
  readonly bins: number;
  readonly tail: number;
  /** Depth-separable convolutions in a stack. */
  readonly layers: number;
}

export interface VitsConfig {
  readonly vocabulary: number;
  readonly encoder: EncoderConfig;
  readonly flow: FlowConfig;
  readonly duration: DurationConfig;
  readonly generator: GeneratorConfig;
  readonly speakers: number;
  /** Width of a speaker's embedding; 0 where none is learned. */
  readonly speakerWidth: number;
  /** Hertz. */
  readonly sampleRate: number;
  readonly speakingRate: number;
  readonly noise: number;
  readonly durationNoise: number;
}

type Json = z.infer<typeof schema>;

/** Of a `VitsModel`. Throws `model.corrupt`, or `model.unsupported` for what no published model has. */
export function vitsConfig(json: unknown): VitsConfig {
  const config = parseConfig(schema, json);
  check(config);
  const speakerWidth = config.speaker_embedding_size;
  return {
    vocabulary: config.vocab_size,
    encoder: encoderConfig(config),
    flow: {
      channels: config.flow_size,
      width: config.hidden_size,
      flows: config.prior_encoder_num_flows,
      layers: config.prior_encoder_num_wavenet_layers,
      size: config.wavenet_kernel_size,
      dilationRate: config.wavenet_dilation_rate,
    },
    duration: durationConfig(config),
    generator: generatorConfig(config, { inputs: config.flow_size, lastBias: false, speaker: speakerWidth }),
    speakers: config.num_speakers,
    speakerWidth,
    sampleRate: config.sampling_rate,
    speakingRate: config.speaking_rate,
    noise: config.noise_scale,
    durationNoise: config.noise_scale_duration,
  };
}

function check(config: Json): void {
  const { hidden_size: width, num_attention_heads: heads, flow_size: flow } = config;
  if (width % heads !== 0) {
    throw new MlError('model.corrupt', `config.json divides a width of ${width} among ${heads} heads.`);
  }
  if (flow % 2 !== 0) throw new MlError('model.corrupt', `config.json halves ${flow} channels of the flow.`);
  if (config.depth_separable_channels !== 2) {
    throw new MlError(
      'model.unsupported',
      `A duration predictor with ${config.depth_separable_channels} channels is not known here.`,
    );
  }
}

function encoderConfig(config: Json): EncoderConfig {
  return {
    width: config.hidden_size,
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    window: config.window_size ?? 0,
    bias: config.use_bias,
    inner: config.ffn_dim,
    innerSize: config.ffn_kernel_size,
    activation: config.hidden_act,
    epsilon: config.layer_norm_eps,
  };
}

function durationConfig(config: Json): DurationConfig {
  return {
    stochastic: config.use_stochastic_duration_prediction,
    width: config.hidden_size,
    inner: config.duration_predictor_filter_channels,
    size: config.duration_predictor_kernel_size,
    epsilon: config.layer_norm_eps,
    flows: config.duration_predictor_num_flows,
    bins: config.duration_predictor_flow_bins,
    tail: config.duration_predictor_tail_bound,
    layers: config.depth_separable_num_layers,
  };
}
