/** What the voice made of a sentence, to be looked at: spectra beside each other, and which sound each frame was taken for. */
import * as tf from '@tensorflow/tfjs-core';
import type { Frames } from '../../../ml/dsp/stft';
import type { VoiceFeatureOptions } from '../../../ml/voice/features';
import type { Levels, VoicePictures } from '../../sdk/trainingTask';
import { toBatch, type Utterance } from './batches';
import type { VoiceNetwork } from './network';

export class Painter {
  constructor(
    private readonly network: VoiceNetwork,
    /** Symbols by their ids, from 1 on. */
    private readonly labels: readonly string[],
    private readonly features: VoiceFeatureOptions,
  ) {}

  /** `mels` and `recorded` are log-mels that are not normalised. */
  picturesOf({ utterance, mels, recorded }: Drawn): VoicePictures {
    const { hop, sampleRate, fMax, floor } = this.features;
    const batch = toBatch([utterance], recorded.width);
    const { scores, frames } = this.network.alignmentOf(batch);
    tf.dispose(batch);
    const range = {
      low: Math.log(floor),
      high: recorded.data.reduce((most, x) => Math.max(most, x), -Infinity),
    };
    return {
      secondsPerColumn: hop / sampleRate,
      topHertz: fMax,
      recorded: melLevels(recorded, range),
      spoken: melLevels(mels, range),
      alignment: {
        symbols: utterance.ids.map((id) => this.labels[id - 1] ?? ''),
        frames: Array.from(frames),
        likelihood: likelihoods(scores, utterance.ids.length, utterance.frames),
      },
    };
  }
}

interface Drawn {
  readonly utterance: Utterance;
  readonly mels: Frames;
  readonly recorded: Frames;
}

const byteOf = (share: number): number => Math.round(255 * Math.min(1, Math.max(0, share)));

/** A row for each band, the lowest first. */
export function melLevels(
  { frames, width, data }: Frames,
  { low, high }: { readonly low: number; readonly high: number },
): Levels {
  const levels = new Uint8Array(frames * width);
  const span = Math.max(1e-6, high - low);
  data.forEach((value, i) => {
    levels[(i % width) * frames + Math.floor(i / width)] = byteOf((value - low) / span);
  });
  return { columns: frames, rows: width, levels };
}

/** Each frame's probabilities of the sounds, by log-likelihoods `[sounds, frames]`. */
export function likelihoods(scores: ArrayLike<number>, sounds: number, frames: number): Levels {
  const levels = new Uint8Array(sounds * frames);
  for (let t = 0; t < frames; t++) {
    let most = -Infinity;
    for (let n = 0; n < sounds; n++) most = Math.max(most, scores[n * frames + t] ?? -Infinity);
    let sum = 0;
    for (let n = 0; n < sounds; n++) sum += Math.exp((scores[n * frames + t] ?? -Infinity) - most);
    for (let n = 0; n < sounds; n++)
      levels[n * frames + t] = byteOf(Math.exp((scores[n * frames + t] ?? -Infinity) - most) / sum);
  }
  return { columns: frames, rows: sounds, levels };
}
