/** Peak, clipping and silence of a recording, measured block by block: it need not be in memory at once. */

export interface SoundLevels {
  /** Largest magnitude, full scale is 1. */
  readonly peak: number;
  /** Samples in runs of at least three at full scale: one alone may be a true peak. */
  readonly clippedSamples: number;
  /** Silence before the first and behind the last sound, seconds; both the whole length when there is no sound. */
  readonly leadSeconds: number;
  readonly tailSeconds: number;
}

/** Samples of a block: those of one channel lie `step` apart. */
export interface SampleBlock {
  readonly samples: Float32Array | Int16Array;
  /** The value of full scale: 1 of floats, 32768 of 16-bit integers. */
  readonly scale: number;
  readonly step: number;
}

const windowSeconds = 0.01;
const fullScale = 0.999;
const shortestRun = 3;
/** -40 dB below the recording's own peak is silence; below -60 dBFS there is none but silence. */
const silenceRatio = 0.01;
const quietest = 0.001;

export class SoundMeter {
  private readonly windowFrames: number;
  private readonly windows: number[] = [];
  private readonly runs: Int32Array;
  private readonly signs: Int8Array;
  private frames = 0;
  private clipped = 0;

  constructor(
    private readonly sampleRate: number,
    channels: number,
  ) {
    this.windowFrames = Math.max(1, Math.round(sampleRate * windowSeconds));
    this.runs = new Int32Array(channels);
    this.signs = new Int8Array(channels);
  }

  /** One block of every channel, all of one length, in the order of time. */
  add(blocks: readonly SampleBlock[]): void {
    let longest = 0;
    blocks.forEach((block, channel) => {
      longest = Math.max(longest, this.channel(block, channel));
    });
    this.frames += longest;
  }

  private channel({ samples, scale, step }: SampleBlock, channel: number): number {
    const limit = fullScale * scale;
    const frames = Math.ceil(samples.length / step);
    let run = this.runs[channel] ?? 0;
    let sign = this.signs[channel] ?? 0;
    let frame = 0;
    while (frame < frames) {
      const window = Math.floor((this.frames + frame) / this.windowFrames);
      const end = Math.min(frames, (window + 1) * this.windowFrames - this.frames);
      let peak = 0;
      for (; frame < end; frame++) {
        const value = samples[frame * step] ?? 0;
        const size = value < 0 ? -value : value;
        if (size > peak) peak = size;
        if (size < limit) run = 0;
        else {
          const now = value < 0 ? -1 : 1;
          run = now === sign ? run + 1 : 1;
          sign = now;
          if (run === shortestRun) this.clipped += shortestRun;
          else if (run > shortestRun) this.clipped++;
        }
      }
      this.windows[window] = Math.max(this.windows[window] ?? 0, peak / scale);
    }
    this.runs[channel] = run;
    this.signs[channel] = sign;
    return frames;
  }

  levels(): SoundLevels {
    let peak = 0;
    for (const one of this.windows) peak = Math.max(peak, one);
    const seconds = this.frames / this.sampleRate;
    const clippedSamples = this.clipped;
    if (peak < quietest) return { peak, clippedSamples, leadSeconds: seconds, tailSeconds: seconds };
    const loud = (one: number): boolean => one > peak * silenceRatio;
    const first = this.windows.findIndex(loud);
    const last = this.windows.findLastIndex(loud);
    const at = (window: number): number => (window * this.windowFrames) / this.sampleRate;
    return { peak, clippedSamples, leadSeconds: at(first), tailSeconds: Math.max(0, seconds - at(last + 1)) };
  }
}
