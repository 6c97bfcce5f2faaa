/** How far a voice is from the recordings that it has not learnt from. */
import { mcdWarped, melCepstra } from '../../../ml/metrics/melCepstralDistortion';
import type { ComparisonRow, Evaluation } from '../../sdk/trainingTask';
import type { Utterance } from './batches';

export interface Spoken {
  readonly utterance: Utterance;
  /** Log-mels with the voice's own lengths, and those of the recording, not normalised, `[frames, mels]`. */
  readonly own: Float32Array;
  readonly truth: Float32Array;
  /** Mean difference of the lengths of its sounds from those of the best alignment, in frames. */
  readonly durationError: number;
}

export interface MeanLosses {
  readonly total: number;
  readonly mel: number;
  readonly duration: number;
}

/** The closed loop: a recogniser's errors on what the voice said, and on the recordings of the same sentences. */
export interface ReadBack {
  readonly count: number;
  /** Of characters or of phonemes, by what the recogniser writes. */
  readonly measure: 'CER' | 'PER';
  readonly rate: number;
  readonly recordingsRate: number;
}

interface Compared {
  readonly mels: number;
  /** Of the spectra's magnitudes. */
  readonly floor: number;
}

/** Cepstra 0 to 13. */
const coefficients = 14;

/** Logarithm of the smallest magnitude that is compared, also of spectra that go below it. */
const faintest = Math.log(1e-3);

/** Of log-mels, in decibels: what a waveform is made from, before it is made. */
export function distortionOf(own: Float32Array, truth: Float32Array, { mels, floor }: Compared): number {
  const heard = (data: Float32Array): Float32Array =>
    Math.log(floor) >= faintest ? data : data.map((value) => Math.max(value, faintest));
  const cepstra = (data: Float32Array) =>
    melCepstra({ frames: data.length / mels, width: mels, data: heard(data) }, coefficients);
  return mcdWarped(cepstra(own), cepstra(truth)).decibels;
}

export function evaluationOf(
  spoken: readonly Spoken[],
  losses: MeanLosses,
  { mels, floor, frameSeconds }: Compared & { readonly frameSeconds: number },
  readBack: ReadBack | undefined,
): Evaluation {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const distortions = spoken.map(({ own, truth }) => distortionOf(own, truth, { mels, floor }));
  const lengths = spoken.map(({ own, truth }) => Math.abs(own.length / truth.length - 1));
  const worst = spoken
    .map(({ utterance, own, truth }, i) => ({
      audioPath: utterance.audioPath,
      text: utterance.text,
      line: utterance.line,
      mcd: Number((distortions[i] ?? 0).toFixed(3)),
      seconds: Number(((truth.length / mels) * frameSeconds).toFixed(2)),
      spokenSeconds: Number(((own.length / mels) * frameSeconds).toFixed(2)),
    }))
    .sort((a, b) => b.mcd - a.mcd)
    .slice(0, 20);
  return {
    metrics: {
      val_loss: losses.total,
      val_mel_loss: losses.mel,
      val_duration_loss: losses.duration,
      val_duration_error_ms: 1000 * frameSeconds * mean(spoken.map(({ durationError }) => durationError)),
      val_length_error: mean(lengths),
      val_mcd: mean(distortions),
      ...(readBack === undefined ? {} : { [`val_${readBack.measure.toLowerCase()}`]: readBack.rate }),
    },
    report: { worst, ...(readBack === undefined ? {} : { comparison: comparisonOf(readBack) }) },
  };
}

function comparisonOf({ count, measure, rate, recordingsRate }: ReadBack): ComparisonRow[] {
  return [
    { sentences: 'read back by the recogniser', of: 'voice', count, [measure]: rate },
    { sentences: 'read back by the recogniser', of: 'recordings', count, [measure]: recordingsRate },
  ];
}
