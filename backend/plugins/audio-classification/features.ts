/** Clips to log-mel energies, once for each file; the training loop only changes copies of them. */
import { createHash } from 'node:crypto';
import { mixdown, type AudioData } from '../../../ml/audio/audioData';
import { AudioFeatures, audioFrames } from '../../../ml/trained/audioFeatures';
import type { AudioPreprocessing } from '../../../ml/trained/metadata';
import { StudioError } from '../../../protocol/wire/errors';
import { readAudioFile } from '../../sdk/audioFiles';
import { breathe } from '../../sdk/breathe';
import type { LabelledClip } from '../../sdk/labelledAudio';
import type { ModelOptions } from './config';

export type FeatureOptions = Omit<AudioPreprocessing, 'mean' | 'std'>;

/** 32 ms windows every 16 ms; the floor keeps faint hiss from mattering. */
export function featureOptions({ sampleRate, seconds, mels }: ModelOptions): FeatureOptions {
  const hop = Math.round(sampleRate * 0.016);
  return {
    kind: 'audio',
    sampleRate,
    seconds,
    nFft: 2 * hop,
    hop,
    mels,
    fMin: 60,
    fMax: Math.min(7600, sampleRate * 0.475),
    floor: 1e-4,
    peak: 0.7,
  };
}

export interface FeatureSet {
  /** For each clip `[frames, mels]` natural-log energies, row after row. */
  readonly energies: readonly Float32Array[];
  readonly frames: number;
  readonly mels: number;
  /** SHA-256 over labels and samples. */
  readonly hash: string;
}

/** Reads one clip after another, letting others in between: a stop is obeyed within one clip. */
export async function computeFeatures(
  clips: readonly LabelledClip[],
  options: FeatureOptions,
  signal: AbortSignal,
): Promise<FeatureSet> {
  const features = new AudioFeatures(options);
  const hash = createHash('sha256');
  const energies: Float32Array[] = [];
  for (const { file, label } of clips) {
    await breathe();
    signal.throwIfAborted();
    const audio = await readSound(file);
    const mono = mixdown(audio);
    hash
      .update(`${label}\0${audio.sampleRate}\0`)
      .update(new Uint8Array(mono.buffer, mono.byteOffset, mono.byteLength));
    energies.push(features.energies(features.clip(mono, audio.sampleRate)));
  }
  return { energies, frames: audioFrames(options), mels: options.mels, hash: hash.digest('hex') };
}

/** A fault that the headers did not show is one of the data. */
async function readSound(file: string): Promise<AudioData> {
  try {
    return await readAudioFile(file);
  } catch (error) {
    throw new StudioError('training.invalidData', (error as Error).message, { cause: error });
  }
}

/** Mean and standard deviation of each band over some clips. */
export function bandFigures(
  set: FeatureSet,
  indices: readonly number[],
): Pick<AudioPreprocessing, 'mean' | 'std'> {
  const sums = new Float64Array(set.mels);
  const squares = new Float64Array(set.mels);
  for (const index of indices) {
    set.energies[index]?.forEach((value, i) => {
      sums[i % set.mels] = (sums[i % set.mels] ?? 0) + value;
      squares[i % set.mels] = (squares[i % set.mels] ?? 0) + value * value;
    });
  }
  const count = Math.max(1, indices.length * set.frames);
  const mean = Array.from(sums, (sum) => sum / count);
  // A band that never changes carries nothing: a divisor of at least 0.1 keeps it quiet.
  const std = mean.map((m, i) => Math.max(0.1, Math.sqrt(Math.max(0, (squares[i] ?? 0) / count - m * m))));
  return { mean, std };
}
