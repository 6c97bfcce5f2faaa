/** Log-mel columns for the part of the recording that is in view, a few at a time. */
import { MelFilterBank } from '../../ml/dsp/mel';
import { spectrogram } from '../../ml/dsp/stft';
import { Slice } from '../common/slices';
import { readMono, type Samples } from './samples';
import type { Range } from './view';

export const bands = 96;

export interface SpectrogramColumns {
  /** First column of the piece. */
  readonly at: number;
  readonly count: number;
  /** `[count, bands]` in dB below a full-scale sine, column after column, lowest band first. */
  readonly decibels: Float32Array;
}

/** A window of about 32 ms: fine enough for the harmonics of a voice, short enough for its stops. */
export function windowFrames(sampleRate: number): number {
  return Math.max(64, 2 ** Math.round(Math.log2(sampleRate * 0.032)));
}

export function topHertz(sampleRate: number): number {
  return Math.min(sampleRate / 2, 12_000);
}

const columnsAtOnce = 16;

/**
 * One column in the middle of each of `columns` equal parts of `shown` (seconds). Zoomed out, it is a sample of the
 * recording, not its mean. Rejects when `signal` is aborted.
 */
export async function computeSpectrogram(
  samples: Samples,
  shown: Range,
  columns: number,
  onPiece: (piece: SpectrogramColumns) => void,
  signal: AbortSignal,
  slice = new Slice(signal),
): Promise<void> {
  const nFft = windowFrames(samples.sampleRate);
  const filters = new MelFilterBank({
    sampleRate: samples.sampleRate,
    nFft,
    mels: bands,
    fMin: 0,
    fMax: topHertz(samples.sampleRate),
    norm: 'none',
  });
  const perColumn = ((shown.to - shown.from) * samples.sampleRate) / columns;
  const centre = (column: number): number =>
    Math.round(shown.from * samples.sampleRate + (column + 0.5) * perColumn);
  // Hann halves the amplitude and a transform of n real samples gives n/2 of it: (n/4)² is a full-scale sine.
  const reference = (nFft / 4) ** 2;
  for (let at = 0; at < columns; at += columnsAtOnce) {
    const count = Math.min(columnsAtOnce, columns - at);
    const starts = Array.from({ length: count }, (_, i) => centre(at + i) - nFft / 2);
    const frames = await gather(samples, starts, nFft);
    const spectra = spectrogram(frames, { nFft, hop: nFft, pad: 0, padMode: 'constant', power: 2 });
    const { data } = filters.apply(spectra);
    const decibels = data.map((power) => 10 * Math.log10(Math.max(power / reference, 1e-12)));
    onPiece({ at, count, decibels });
    await slice.breathe();
  }
}

/** The windows side by side, so that one transform call takes them all: read at once where they lie close. */
async function gather(samples: Samples, starts: readonly number[], nFft: number): Promise<Float32Array> {
  const frames = new Float32Array(starts.length * nFft);
  const first = starts[0] ?? 0;
  const span = (starts.at(-1) ?? 0) + nFft - first;
  if (span <= starts.length * nFft) {
    const mono = await readMono(samples, first, span);
    starts.forEach((start, i) => frames.set(mono.subarray(start - first, start - first + nFft), i * nFft));
    return frames;
  }
  const pieces = await Promise.all(starts.map((start) => readMono(samples, start, nFft)));
  pieces.forEach((piece, i) => frames.set(piece, i * nFft));
  return frames;
}
