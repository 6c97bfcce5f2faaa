/** Short-time Fourier transform with phases and its inverse, centred frames, as librosa's stft and istft. */
import { MlError } from '../errors';
import { RealFft } from './fft';
import { InverseRealFft } from './inverseFft';
import { hann, padSignal } from './stft';

export interface ComplexFrames {
  readonly frames: number;
  readonly bins: number;
  /** `[frames, bins]`, row after row. */
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export class ComplexStft {
  private readonly forward: RealFft;
  private readonly back: InverseRealFft;
  private readonly window: Float64Array;
  private readonly frame: Float64Array;

  constructor(
    readonly nFft: number,
    readonly hop: number,
    private readonly padMode: 'reflect' | 'constant' = 'constant',
  ) {
    if (!Number.isInteger(hop) || hop < 1)
      throw new MlError('input.invalid', `No frames every ${hop} samples.`);
    this.forward = new RealFft(nFft);
    this.back = new InverseRealFft(nFft);
    this.window = hann(nFft);
    this.frame = new Float64Array(nFft);
  }

  get bins(): number {
    return this.forward.bins;
  }

  /** `1 + floor(samples / hop)` frames for an even window. Throws `input.invalid` for fewer samples than one frame. */
  transform(samples: Float32Array): ComplexFrames {
    const { nFft, hop, bins, frame } = this;
    const padded = padSignal(samples, Math.floor(nFft / 2), this.padMode);
    const frames = 1 + Math.floor((padded.length - nFft) / hop);
    if (frames < 1)
      throw new MlError('input.invalid', `${samples.length} samples are too few for a window of ${nFft}.`);
    const re = new Float64Array(frames * bins);
    const im = new Float64Array(frames * bins);
    for (let t = 0; t < frames; t++) {
      for (let i = 0; i < nFft; i++) frame[i] = (padded[t * hop + i] ?? 0) * (this.window[i] ?? 0);
      this.forward.forward(frame);
      re.set(this.forward.re, t * bins);
      im.set(this.forward.im, t * bins);
    }
    return { frames, bins, re, im };
  }

  /** `hop · (frames − 1)` samples for an even window: overlapping frames, weighted by the window, in least squares. */
  inverse({ frames, bins, re, im }: ComplexFrames): Float32Array {
    const { nFft, hop, frame, window } = this;
    const full = nFft + hop * (frames - 1);
    const sum = new Float64Array(full);
    const weight = new Float64Array(full);
    for (let t = 0; t < frames; t++) {
      this.back.inverse(re.subarray(t * bins, (t + 1) * bins), im.subarray(t * bins, (t + 1) * bins), frame);
      for (let i = 0; i < nFft; i++) {
        const w = window[i] ?? 0;
        sum[t * hop + i] = (sum[t * hop + i] ?? 0) + (frame[i] ?? 0) * w;
        weight[t * hop + i] = (weight[t * hop + i] ?? 0) + w * w;
      }
    }
    const start = Math.floor(nFft / 2);
    const signal = new Float32Array(Math.max(0, full - 2 * start));
    for (let i = 0; i < signal.length; i++) {
      const w = weight[start + i] ?? 0;
      signal[i] = w > 1e-30 ? (sum[start + i] ?? 0) / w : 0;
    }
    return signal;
  }
}
