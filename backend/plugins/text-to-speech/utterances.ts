/** Recordings as the voice learns them: sounds as ids, frames as normalised log-mels. Read once, before training. */
import { mixdown } from '../../../ml/audio/audioData';
import { resample } from '../../../ml/audio/resample';
import {
  normalizeMels,
  tidyUtterance,
  VoiceMels,
  type VoiceFeatureOptions,
} from '../../../ml/voice/features';
import { symbolsOf, unitsOf, type Pronounce, type Reading } from '../../../ml/voice/reading';
import type { Symbols } from '../../../ml/voice/symbols';
import { readAudioFile } from '../../sdk/audioFiles';
import { breathe } from '../../sdk/breathe';
import type { Utterance } from './batches';
import type { Recording } from './data';

export interface Heard {
  readonly recording: Recording;
  readonly symbols: readonly string[];
  /** Log-mels, not normalised, `[frames, mels]`. */
  readonly mels: Float32Array;
  readonly frames: number;
}

export interface Reader {
  readonly reading: Reading;
  readonly pronounce: Pronounce;
  readonly features: VoiceFeatureOptions;
}

/**
 * In the order of the recordings, without those that are silent, of which no word can be pronounced, or whose text has more
 * sounds than the recording has frames. Lets others in between: a stop is obeyed within one recording.
 */
export async function hearAll(
  recordings: readonly Recording[],
  { reading, pronounce, features }: Reader,
  signal: AbortSignal,
): Promise<Heard[]> {
  const mels = new VoiceMels(features);
  const heard: Heard[] = [];
  for (const recording of recordings) {
    await breathe();
    signal.throwIfAborted();
    const audio = await readAudioFile(recording.audioPath);
    const mono = mixdown(audio);
    const own =
      audio.sampleRate === features.sampleRate ? mono : resample(mono, audio.sampleRate, features.sampleRate);
    const speech = tidyUtterance(own, features.sampleRate);
    if (speech === undefined || speech.length < features.nFft) continue;
    const { symbols } = await symbolsOf(unitsOf(recording.text, reading), reading, pronounce);
    const { data, frames } = mels.compute(speech);
    // Two symbols are the ends.
    if (symbols.length > 2 && symbols.length <= frames)
      heard.push({ recording, symbols, mels: data, frames });
  }
  return heard;
}

/** Mean and deviation of each band. */
export function bandFigures(heard: readonly Heard[], mels: number): { mean: number[]; deviation: number[] } {
  const [sums, squares] = [new Float64Array(mels), new Float64Array(mels)];
  let frames = 0;
  for (const one of heard) {
    frames += one.frames;
    one.mels.forEach((value, i) => {
      sums[i % mels] = (sums[i % mels] ?? 0) + value;
      squares[i % mels] = (squares[i % mels] ?? 0) + value * value;
    });
  }
  const mean = Array.from(sums, (sum) => sum / Math.max(1, frames));
  // A band that never changes carries nothing: a divisor of at least 0.1 keeps it quiet.
  const deviation = Array.from(squares, (square, m) =>
    Math.max(0.1, Math.sqrt(Math.max(0, square / Math.max(1, frames) - (mean[m] ?? 0) ** 2))),
  );
  return { mean, deviation };
}

/** In code point order: the same on every machine. */
export const alphabetOf = (heard: readonly Heard[]): string[] =>
  [...new Set(heard.flatMap(({ symbols }) => symbols))].sort();

/** With the symbols as ids and the frames normalised. */
export function utterancesOf(
  heard: readonly Heard[],
  symbols: Symbols,
  { mean, deviation }: { readonly mean: readonly number[]; readonly deviation: readonly number[] },
): Utterance[] {
  return heard.flatMap(({ recording, symbols: own, mels, frames }) => {
    const { ids } = symbols.encode(own);
    if (ids.length === 0) return [];
    const normal = mels.slice();
    normalizeMels(normal, mean, deviation);
    const { audioPath, text, line } = recording;
    return [{ audioPath, text, line, ids, mels: normal, frames }];
  });
}
