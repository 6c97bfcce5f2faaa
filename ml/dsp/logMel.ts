import { MelFilterBank, type MelOptions } from './mel';
import { spectrogram, type Frames, type SpectrogramOptions } from './stft';

export interface LogMelOptions extends MelOptions, Omit<SpectrogramOptions, 'nFft'> {
  /** Smallest energy before the natural logarithm. */
  readonly floor: number;
}

/** Computes `[frames, mels]` natural-log mel energies; the filters are made once. */
export class LogMel {
  private readonly filters: MelFilterBank;

  constructor(readonly options: LogMelOptions) {
    this.filters = new MelFilterBank(options);
  }

  compute(samples: Float32Array): Frames {
    const mel = this.filters.apply(spectrogram(samples, this.options));
    for (let i = 0; i < mel.data.length; i++) {
      mel.data[i] = Math.log(Math.max(mel.data[i] ?? 0, this.options.floor));
    }
    return mel;
  }
}

/** The mel spectra that HiFi-GAN vocoders are trained on: magnitudes, frames not centred, 1e-5 floor. */
export function hifiganLogMel(
  options: Omit<MelOptions, 'scale' | 'norm'> & { readonly hop: number },
): LogMel {
  return new LogMel({
    ...options,
    pad: (options.nFft - options.hop) / 2,
    padMode: 'reflect',
    power: 1,
    epsilon: 1e-9,
    floor: 1e-5,
  });
}

const whisperRate = 16_000;
const whisperFft = 400;
const whisperHop = 160;

/**
 * Whisper's input: `[3000, mels]` of 30 s (or `seconds`) at 16 kHz, cut or filled with silence, log10, at most 8 below the clip's
 * maximum, scaled to about -1..1 (Radford et al. 2022, as in the published feature extractor; time first here).
 */
export function whisperLogMel(samples: Float32Array, mels = 80, seconds = 30): Frames {
  const length = Math.round(seconds * whisperRate);
  const clip = new Float32Array(length);
  clip.set(samples.subarray(0, length));
  const filters = new MelFilterBank({
    sampleRate: whisperRate,
    nFft: whisperFft,
    mels,
    fMin: 0,
    fMax: whisperRate / 2,
  });
  const spectra = spectrogram(clip, {
    nFft: whisperFft,
    hop: whisperHop,
    pad: whisperFft / 2,
    padMode: 'reflect',
    power: 2,
  });
  // The last frame is dropped, and does not count for the maximum.
  const frames = spectra.frames - 1;
  const data = filters.apply(spectra).data.subarray(0, frames * mels);
  let highest = -Infinity;
  for (let i = 0; i < data.length; i++) {
    const value = Math.log10(Math.max(data[i] ?? 0, 1e-10));
    data[i] = value;
    if (value > highest) highest = value;
  }
  for (let i = 0; i < data.length; i++) data[i] = (Math.max(data[i] ?? 0, highest - 8) + 4) / 4;
  return { frames, width: mels, data };
}
