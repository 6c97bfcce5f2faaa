/** How a sound becomes the input of a bare model: samples, spectra or log-mel, whole or in windows that overlap. */
import * as z from 'zod';
import { LogMel } from '../dsp/logMel';
import { spectrogram, type Frames } from '../dsp/stft';
import { MlError } from '../errors';
import { shapeWords, type TensorSpec } from './bareModel';
import { timeAxis } from './timeAxis';

const steps = z.number().int().min(1).max(100_000_000);

/** `parameters.audio` of `inference/run`. A step is what the input counts: a sample, or a frame. */
export const audioParameters = z.strictObject({
  /** The input that hears; it need not be told where there is one alone. */
  input: z.string().optional(),
  /** Hz; the sound is brought to it. */
  sampleRate: z.number().int().min(1000).max(192_000),
  features: z.enum(['samples', 'stft', 'logMel']).default('samples'),
  /** Samples of a frame, and from one frame to the next. */
  nFft: z.number().int().min(16).max(16_384).default(512),
  hop: z.number().int().min(1).max(16_384).default(160),
  /** Frames in the middle of their samples, the ends mirrored. */
  centre: z.boolean().default(true),
  mels: z.number().int().min(4).max(512).default(64),
  /** Hz; fMax is half the sampling rate by default. */
  fMin: z.number().nonnegative().default(0),
  fMax: z.number().positive().optional(),
  scale: z.enum(['slaney', 'htk']).default('slaney'),
  /** Smallest energy before the natural logarithm. */
  floor: z.number().positive().default(1e-6),
  window: z
    .strictObject({
      /** Steps that the model takes at once: those of its input, or all where any number goes. */
      length: steps.optional(),
      /** From one window to the next: their length, or less where they overlap. */
      hop: steps.optional(),
      /** Silence before the sound; half of what overlaps by default. */
      lead: z.number().int().min(0).max(100_000_000).optional(),
    })
    .default({}),
  /** Of outputs `[1, frames, …]` the overlap is cut off and the rest put together; else they are stacked. */
  join: z.boolean().default(true),
});
export type AudioParameters = z.output<typeof audioParameters>;

export interface SoundWindows {
  readonly count: number;
  /** Of one window's tensor. */
  readonly shape: readonly number[];
  /** Steps. */
  readonly length: number;
  readonly hop: number;
  readonly lead: number;
  /** Of the sound itself. */
  readonly steps: number;
  /** Numbers of a step. */
  readonly width: number;
  readonly join: boolean;
  cut(window: number): Float32Array;
}

/** More windows than that are a job for several calls. */
const mostWindows = 10_000;
const invalid = (message: string): MlError => new MlError('input.invalid', message);

/** The input that hears. Throws `input.invalid`. */
export function heardInput(inputs: readonly TensorSpec[], name: string | undefined): TensorSpec {
  const heard =
    name === undefined && inputs.length === 1 ? inputs[0] : inputs.find((one) => one.name === name);
  if (heard !== undefined) return heard;
  const names = inputs.map((one) => one.name).join(', ');
  throw invalid(
    name === undefined
      ? `Say which input hears the sound, as audio.input: ${names}.`
      : `The model has no input "${name}"; its inputs are ${names}.`,
  );
}

/** Throws `input.invalid` where the sound does not fit the input, or is none. */
export function soundWindows(
  input: TensorSpec,
  samples: Float32Array,
  parameters: AudioParameters,
): SoundWindows {
  if (samples.length === 0) throw invalid('The clip has no sound in it.');
  const features = featuresOf(samples, parameters);
  const axis = timeAxis(input.shape, features.width);
  if (axis === undefined) {
    const given = features.width === 1 ? 'samples do' : `frames of ${features.width} numbers do`;
    throw invalid(`The input "${input.name}" takes ${shapeWords(input.shape)}: ${given} not fit.`);
  }
  const { join, window } = parameters;
  if (window.length !== undefined && axis.length !== null && window.length !== axis.length) {
    throw invalid(`The input "${input.name}" takes ${axis.length} steps at once, not ${window.length}.`);
  }
  const length = axis.length ?? window.length ?? features.frames;
  const hop = window.hop ?? length;
  if (hop > length) throw invalid(`Windows of ${length} steps that are ${hop} apart would leave some out.`);
  const lead = window.lead ?? (join ? Math.floor((length - hop) / 2) : 0);
  const whole = axis.length === null && window.length === undefined;
  const count = whole ? 1 : Math.max(1, Math.ceil((features.frames + lead) / hop));
  if (count > mostWindows) throw invalid(`The sound makes ${count} windows; at most ${mostWindows} are run.`);
  const places = { length, hop, lead, steps: features.frames, width: features.width };
  return {
    ...places,
    count,
    join,
    shape: axis.shape(length),
    cut: (k) => {
      const rows = rowsOf(features, k * hop - lead, length, silenceOf(parameters));
      return axis.widthFirst ? transposed(rows, length, features.width) : rows;
    },
  };
}

function featuresOf(samples: Float32Array, parameters: AudioParameters): Frames {
  const {
    features,
    sampleRate,
    nFft,
    hop,
    centre,
    mels,
    fMin,
    fMax = sampleRate / 2,
    scale,
    floor,
  } = parameters;
  if (features === 'samples') return { frames: samples.length, width: 1, data: samples };
  const frame = { nFft, hop, pad: centre ? Math.floor(nFft / 2) : 0, padMode: 'reflect' as const };
  if (features === 'stft') return spectrogram(samples, { ...frame, power: 1 });
  return new LogMel({ ...frame, sampleRate, mels, fMin, fMax, scale, floor, power: 2 }).compute(samples);
}

function silenceOf({ features, floor }: AudioParameters): number {
  return features === 'logMel' ? Math.log(floor) : 0;
}

/** `length` rows from `start` on; what lies outside is silence. */
function rowsOf(
  { frames, width, data }: Frames,
  start: number,
  length: number,
  silence: number,
): Float32Array {
  const rows = new Float32Array(length * width).fill(silence);
  const [from, to] = [Math.max(0, start), Math.min(frames, start + length)];
  if (to > from) rows.set(data.subarray(from * width, to * width), (from - start) * width);
  return rows;
}

function transposed(rows: Float32Array, length: number, width: number): Float32Array {
  const columns = new Float32Array(rows.length);
  for (let t = 0; t < length; t++) {
    for (let k = 0; k < width; k++) columns[k * length + t] = rows[t * width + k] ?? 0;
  }
  return columns;
}
