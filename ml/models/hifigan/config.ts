import * as z from 'zod';
import { MlError } from '../../errors';
import { parseConfig } from '../shared/config';

const size = z.number().int().positive().max(1_000_000);

/** The fields of a HiFi-GAN generator in a config.json, VITS's among them. */
export const generatorFields = {
  upsample_initial_channel: size.default(512),
  upsample_rates: z.array(size).min(1).max(20),
  upsample_kernel_sizes: z.array(size).min(1).max(20),
  resblock_kernel_sizes: z.array(size).min(1).max(20).default([3, 7, 11]),
  resblock_dilation_sizes: z
    .array(z.array(size).min(1).max(20))
    .min(1)
    .default([
      [1, 3, 5],
      [1, 3, 5],
      [1, 3, 5],
    ]),
  leaky_relu_slope: z.number().default(0.1),
};

export interface Upsampling {
  readonly stride: number;
  readonly size: number;
}

export interface ResidualShape {
  readonly size: number;
  readonly dilations: readonly number[];
}

/** A HiFi-GAN generator (Kong et al. 2020). */
export interface GeneratorConfig {
  /** Channels of its input. */
  readonly inputs: number;
  /** Channels before the first upsampling, each of which halves them. */
  readonly channels: number;
  readonly upsamplings: readonly Upsampling[];
  /** The residual blocks after each upsampling, whose mean is taken. */
  readonly blocks: readonly ResidualShape[];
  readonly slope: number;
  /** Whether the last convolution has one. */
  readonly lastBias: boolean;
  /** Width of the speaker's embedding; 0 without. */
  readonly speaker: number;
}

type GeneratorFields = { readonly [K in keyof typeof generatorFields]: z.infer<(typeof generatorFields)[K]> };

/** Throws `model.corrupt`. */
export function generatorConfig(
  config: GeneratorFields,
  rest: Pick<GeneratorConfig, 'inputs' | 'lastBias' | 'speaker'>,
): GeneratorConfig {
  const { upsample_rates: rates, upsample_kernel_sizes: kernels } = config;
  const { resblock_kernel_sizes: sizes, resblock_dilation_sizes: dilations } = config;
  if (rates.length !== kernels.length || sizes.length !== dilations.length) {
    throw new MlError(
      'model.corrupt',
      `config.json lists ${rates.length} upsampling rates, ${kernels.length} kernels, ${sizes.length} residual kernels and ${dilations.length} dilations, which do not pair.`,
    );
  }
  const upsamplings = rates.map((stride, i) => ({ stride, size: kernels[i] ?? stride }));
  const small = upsamplings.find((one) => one.size < one.stride);
  if (small !== undefined) {
    throw new MlError(
      'model.unsupported',
      `An upsampling by ${small.stride} with a kernel of ${small.size} leaves samples out.`,
    );
  }
  return {
    channels: config.upsample_initial_channel,
    upsamplings,
    blocks: sizes.map((one, i) => ({ size: one, dilations: dilations[i] ?? [] })),
    slope: config.leaky_relu_slope,
    ...rest,
  };
}

const hifiganSchema = z.looseObject({
  ...generatorFields,
  upsample_rates: generatorFields.upsample_rates.default([4, 4, 4, 4]),
  upsample_kernel_sizes: generatorFields.upsample_kernel_sizes.default([8, 8, 8, 8]),
  model_in_dim: size.default(80),
  sampling_rate: size.default(16_000),
  normalize_before: z.boolean().default(true),
});

export interface HifiganConfig {
  readonly generator: GeneratorConfig;
  readonly mels: number;
  /** Hertz. */
  readonly sampleRate: number;
  /** Whether mels come as they are, to be normalised by the checkpoint's mean and scale. */
  readonly normalizes: boolean;
}

/** Of a `SpeechT5HifiGan`. Throws `model.corrupt`. */
export function hifiganConfig(json: unknown): HifiganConfig {
  const config = parseConfig(hifiganSchema, json);
  const mels = config.model_in_dim;
  return {
    generator: generatorConfig(config, { inputs: mels, lastBias: true, speaker: 0 }),
    mels,
    sampleRate: config.sampling_rate,
    normalizes: config.normalize_before,
  };
}
