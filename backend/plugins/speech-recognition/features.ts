/** Recordings as log-mel energies, once for each file; the training loop changes copies of them. */
import { mixdown } from '../../../ml/audio/audioData';
import { SpeechFeatures, type SpeechFeatureOptions } from '../../../ml/speech/features';
import { readAudioFile } from '../../sdk/audioFiles';
import { breathe } from '../../sdk/breathe';
import type { Utterance } from './data';

/** Energies are kept as thousandths of a neper in 16 bits: an hour of speech takes 46 MB. */
const scale = 1000;

export class Energies {
  private constructor(
    readonly frames: number,
    readonly mels: number,
    private readonly packed: Int16Array,
  ) {}

  static pack(data: Float32Array, mels: number): Energies {
    const packed = Int16Array.from(data, (value) =>
      Math.max(-32_768, Math.min(32_767, Math.round(value * scale))),
    );
    return new Energies(data.length / mels, mels, packed);
  }

  /** Natural logarithms, `[frames, mels]`. */
  unpack(): Float32Array {
    return Float32Array.from(this.packed, (value) => value / scale);
  }
}

/** Reads one recording after another, letting others in between: a stop is obeyed within one. */
export async function computeEnergies(
  utterances: readonly Utterance[],
  options: SpeechFeatureOptions,
  signal: AbortSignal,
): Promise<Energies[]> {
  const features = new SpeechFeatures(options);
  const energies: Energies[] = [];
  for (const { audioPath } of utterances) {
    await breathe();
    signal.throwIfAborted();
    const audio = await readAudioFile(audioPath);
    const { data, width } = features.energies(mixdown(audio), audio.sampleRate);
    energies.push(Energies.pack(data, width));
  }
  return energies;
}

/** Standard deviation of each band about its mean in each recording. */
export function bandDeviations(energies: readonly Energies[], mels: number): number[] {
  const squares = new Float64Array(mels);
  let frames = 0;
  for (const one of energies) {
    const data = one.unpack();
    frames += one.frames;
    for (let m = 0; m < mels; m++) {
      let [sum, square] = [0, 0];
      for (let i = m; i < data.length; i += mels) {
        const value = data[i] ?? 0;
        sum += value;
        square += value * value;
      }
      squares[m] = (squares[m] ?? 0) + square - (sum * sum) / Math.max(1, one.frames);
    }
  }
  // A band that never changes carries nothing: a divisor of at least 0.1 keeps it quiet.
  return Array.from(squares, (sum) => Math.max(0.1, Math.sqrt(Math.max(0, sum) / Math.max(1, frames))));
}
