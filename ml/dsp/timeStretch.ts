/**
 * Slower or faster speech at its own pitch: WSOLA (Verhelst and Roelands, 1993). Windows of 40 ms overlap by half;
 * each is taken from where, near its place, it goes on best from the one before.
 */

export interface TimeStretchOptions {
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Above 1: faster. */
  readonly rate: number;
}

export class TimeStretch {
  private readonly hop: number;
  private readonly seek: number;
  private readonly window: Float32Array;
  private readonly rate: number;
  /** What was given and is still needed, from `start` on; the last of them the mix that is compared. */
  private held: Float32Array[];
  private start = 0;
  /** Windows that were laid. */
  private laid = 0;
  /** Where the last one was taken from. */
  private last = 0;
  /** The second half of the last window, waiting for the first of the next. */
  private tail: Float32Array[];

  constructor({ sampleRate, channels, rate }: TimeStretchOptions) {
    this.rate = rate;
    this.hop = Math.max(16, Math.round(sampleRate * 0.02));
    this.seek = Math.round(this.hop / 2);
    this.window = Float32Array.from(
      { length: 2 * this.hop },
      (_, i) => 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / this.hop),
    );
    this.held = Array.from({ length: channels + 1 }, () => new Float32Array(0));
    this.tail = Array.from({ length: channels }, () => new Float32Array(this.hop));
  }

  /** Takes the next samples of each channel; answers what can be heard by now. */
  push(channels: readonly Float32Array[]): Float32Array[] {
    this.append(channels);
    const pieces: Float32Array[][] = [];
    while (this.needed() <= this.end) pieces.push(this.lay());
    return join(pieces, this.tail.length);
  }

  /** The rest, when no more samples come. */
  finish(): Float32Array[] {
    const most = Math.ceil((this.end / this.rate - this.laid * this.hop) / this.hop);
    const silence = new Float32Array(2 * this.hop + 2 * this.seek + Math.ceil(this.hop * this.rate));
    const pieces: Float32Array[][] = [];
    for (let i = 0; i < most; i++) {
      if (this.needed() > this.end) this.append(this.tail.map(() => silence));
      pieces.push(this.lay());
    }
    return join(pieces, this.tail.length);
  }

  private get end(): number {
    return this.start + (this.held[0]?.length ?? 0);
  }

  private place(): number {
    return Math.round(this.laid * this.hop * this.rate);
  }

  private needed(): number {
    return Math.max(this.place(), this.last) + 2 * this.hop + this.seek + this.hop;
  }

  private append(channels: readonly Float32Array[]): void {
    const mix = new Float32Array(channels[0]?.length ?? 0);
    for (const channel of channels)
      for (let i = 0; i < mix.length; i++) mix[i] = (mix[i] ?? 0) + (channel[i] ?? 0);
    this.held = this.held.map((old, i) => {
      const next = i < channels.length ? (channels[i] ?? mix) : mix;
      const both = new Float32Array(old.length + next.length);
      both.set(old);
      both.set(next, old.length);
      return both;
    });
  }

  /** Lays the next window over the last one's tail and answers the half that is finished. */
  private lay(): Float32Array[] {
    const from = this.laid === 0 ? 0 : this.best();
    const out = this.tail.map((tail, channel) => {
      const samples = this.held[channel];
      const done = new Float32Array(this.hop);
      const next = new Float32Array(this.hop);
      for (let i = 0; i < this.hop; i++) {
        const first = samples?.[from - this.start + i] ?? 0;
        // There is nothing before the first window to fade from.
        done[i] = this.laid === 0 ? first : (tail[i] ?? 0) + first * (this.window[i] ?? 0);
        next[i] = (samples?.[from - this.start + this.hop + i] ?? 0) * (this.window[this.hop + i] ?? 0);
      }
      this.tail[channel] = next;
      return done;
    });
    this.last = from;
    this.laid++;
    this.forget();
    return out;
  }

  /** The place near the nominal one whose samples are most like those that followed the last window's first half. */
  private best(): number {
    const mix = this.held.at(-1) ?? new Float32Array(0);
    const wanted = this.last + this.hop - this.start;
    const nominal = this.place();
    let best = nominal;
    let most = -Infinity;
    // Every fourth sample of every second place tells them apart well enough, in an eighth of the time.
    for (let at = nominal - this.seek; at <= nominal + this.seek; at += 2) {
      if (at < this.start) continue;
      let product = 0;
      let energy = 1e-9;
      for (let i = 0; i < this.hop; i += 4) {
        const value = mix[at - this.start + i] ?? 0;
        product += value * (mix[wanted + i] ?? 0);
        energy += value * value;
      }
      const likeness = product / Math.sqrt(energy);
      if (likeness > most) {
        most = likeness;
        best = at;
      }
    }
    return best;
  }

  private forget(): void {
    const keep = Math.min(this.place() - this.seek, this.last + this.hop);
    const drop = Math.min(keep - this.start, this.held[0]?.length ?? 0);
    if (drop < 4 * this.hop) return;
    this.held = this.held.map((samples) => samples.slice(drop));
    this.start += drop;
  }
}

function join(pieces: readonly Float32Array[][], channels: number): Float32Array[] {
  return Array.from({ length: channels }, (_, channel) => {
    const parts = pieces.map((piece) => piece[channel] ?? new Float32Array(0));
    const out = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  });
}
