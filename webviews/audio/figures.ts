/** What a recording measures, gathered piece by piece. */
import { Loudness } from './loudness';

export interface Figures {
  /** dBFS of the highest sample; -Infinity for digital silence. */
  readonly peakDb: number;
  readonly rmsDb: number;
  /** LUFS; undefined for less than 400 ms. */
  readonly loudness: number | undefined;
  /** Runs of at least two neighbouring samples at full scale: one alone may be a true peak. */
  readonly clippings: number;
  /** Share of 20 ms windows under -50 dBFS, 0..1. */
  readonly silence: number;
  /** Mean of all samples. */
  readonly dcOffset: number;
}

/** The highest value that 16 bits hold; what clips in 8 bits lies lower and is not told from loud sound. */
const fullScale = 32_767 / 32_768;
const silentPower = 10 ** (-50 / 10);

export class FigureMeter {
  private peak = 0;
  private sum = 0;
  private squares = 0;
  private count = 0;
  private clippings = 0;
  private readonly atTop: Int32Array;
  private readonly window: number;
  private windowSquares = 0;
  private windowFilled = 0;
  private windows = 0;
  private silent = 0;
  private readonly loudness: Loudness;

  constructor(sampleRate: number, channels: number) {
    this.atTop = new Int32Array(channels);
    this.window = Math.max(1, Math.round(sampleRate / 50));
    this.loudness = new Loudness(sampleRate, channels);
  }

  /** The next samples of every channel. */
  add(channels: readonly Float32Array[]): void {
    this.loudness.add(channels);
    const frames = channels[0]?.length ?? 0;
    for (let from = 0; from < frames;) {
      const to = Math.min(frames, from + this.window - this.windowFilled);
      this.windowSquares += this.measureAll(channels, from, to) / channels.length;
      this.windowFilled += to - from;
      from = to;
      if (this.windowFilled >= this.window) this.endWindow();
    }
  }

  figures(): Figures {
    const count = Math.max(1, this.count);
    // A last window cut short still counts when it is all there is.
    const part = this.windows === 0 && this.windowFilled > 0;
    const quiet = this.windowSquares / Math.max(1, this.windowFilled) < silentPower;
    return {
      peakDb: 20 * Math.log10(this.peak),
      rmsDb: 10 * Math.log10(this.squares / count),
      loudness: this.loudness.integrated(),
      clippings: this.clippings,
      silence: part ? Number(quiet) : this.silent / Math.max(1, this.windows),
      dcOffset: this.sum / count,
    };
  }

  /** By index: an entry for each of some hundred thousand windows would fill the page's memory. */
  private measureAll(channels: readonly Float32Array[], from: number, to: number): number {
    let squares = 0;
    for (let i = 0; i < channels.length; i++) {
      const samples = channels[i];
      if (samples !== undefined) squares += this.measure(samples, i, from, to);
    }
    return squares;
  }

  /** Sum of the squares of `[from, to)`. */
  private measure(samples: Float32Array, channel: number, from: number, to: number): number {
    let run = this.atTop[channel] ?? 0;
    let { peak, sum, clippings } = this;
    let squares = 0;
    for (let i = from; i < to; i++) {
      const value = samples[i] ?? 0;
      const size = Math.abs(value);
      if (size > peak) peak = size;
      sum += value;
      squares += value * value;
      run = size >= fullScale ? run + 1 : 0;
      if (run === 2) clippings++;
    }
    this.atTop[channel] = run;
    this.peak = peak;
    this.sum = sum;
    this.clippings = clippings;
    this.squares += squares;
    this.count += to - from;
    return squares;
  }

  private endWindow(): void {
    this.windows++;
    if (this.windowSquares / this.windowFilled < silentPower) this.silent++;
    this.windowSquares = 0;
    this.windowFilled = 0;
  }
}
