/**
 * Programme loudness after ITU-R BS.1770-4 / EBU R 128: K-weighting, 400 ms blocks every 100 ms, absolute gate at
 * -70 LUFS and relative gate 10 LU below. All channels count alike (no surround weights): mono and stereo are exact.
 */

interface Biquad {
  readonly b: readonly [number, number, number];
  readonly a: readonly [number, number];
}

/** The filters' analogue prototypes (De Man, 2014) at any sampling rate. */
function kWeighting(rate: number): [Biquad, Biquad] {
  const shelf = ((): Biquad => {
    const k = Math.tan((Math.PI * 1681.974450955533) / rate);
    const q = 0.7071752369554196;
    const high = 10 ** (3.999843853973347 / 20);
    const band = high ** 0.4996667741545416;
    const norm = 1 + k / q + k * k;
    return {
      b: [
        (high + (band * k) / q + k * k) / norm,
        (2 * (k * k - high)) / norm,
        (high - (band * k) / q + k * k) / norm,
      ],
      a: [(2 * (k * k - 1)) / norm, (1 - k / q + k * k) / norm],
    };
  })();
  const k = Math.tan((Math.PI * 38.13547087602444) / rate);
  const q = 0.5003270373238773;
  const norm = 1 + k / q + k * k;
  return [shelf, { b: [1, -2, 1], a: [(2 * (k * k - 1)) / norm, (1 - k / q + k * k) / norm] }];
}

/**
 * Two filters for each channel. Two channels are filtered side by side: each sample waits for the one before it, and
 * meanwhile the processor does the other channel's. The state stays in locals, for this is most of a scan's work.
 */
class KFilters {
  private readonly states: readonly Float64Array[];

  constructor(
    private readonly filters: readonly [Biquad, Biquad],
    channels: number,
  ) {
    this.states = Array.from({ length: channels }, () => new Float64Array(4));
  }

  /** Sum of the squares of what comes out, over all channels. */
  energy(channels: readonly Float32Array[], from: number, to: number): number {
    let sum = 0;
    for (let i = 0; i < channels.length; i += 2) {
      const one = channels[i];
      const other = channels[i + 1];
      const state = this.states[i];
      const otherState = this.states[i + 1];
      if (one === undefined || state === undefined) continue;
      sum +=
        other === undefined || otherState === undefined
          ? this.single(one, state, from, to)
          : this.pair(one, other, state, otherState, from, to);
    }
    return sum;
  }

  private single(samples: Float32Array, state: Float64Array, from: number, to: number): number {
    const [{ b, a }, { b: d, a: c }] = this.filters;
    const [b0, b1, b2] = b;
    const [a1, a2] = a;
    const [d0, d1, d2] = d;
    const [c1, c2] = c;
    let [s1 = 0, s2 = 0, t1 = 0, t2 = 0] = state;
    let sum = 0;
    for (let i = from; i < to; i++) {
      const x = samples[i] ?? 0;
      const y = b0 * x + s1;
      s1 = b1 * x - a1 * y + s2;
      s2 = b2 * x - a2 * y;
      const z = d0 * y + t1;
      t1 = d1 * y - c1 * z + t2;
      t2 = d2 * y - c2 * z;
      sum += z * z;
    }
    state.set([s1, s2, t1, t2]);
    return sum;
  }

  private pair(
    left: Float32Array,
    right: Float32Array,
    state: Float64Array,
    other: Float64Array,
    from: number,
    to: number,
  ): number {
    const [{ b, a }, { b: d, a: c }] = this.filters;
    const [b0, b1, b2] = b;
    const [a1, a2] = a;
    const [d0, d1, d2] = d;
    const [c1, c2] = c;
    let [s1 = 0, s2 = 0, t1 = 0, t2 = 0] = state;
    let [u1 = 0, u2 = 0, v1 = 0, v2 = 0] = other;
    let sum = 0;
    let otherSum = 0;
    for (let i = from; i < to; i++) {
      const x = left[i] ?? 0;
      const p = right[i] ?? 0;
      const y = b0 * x + s1;
      const q = b0 * p + u1;
      s1 = b1 * x - a1 * y + s2;
      u1 = b1 * p - a1 * q + u2;
      s2 = b2 * x - a2 * y;
      u2 = b2 * p - a2 * q;
      const z = d0 * y + t1;
      const r = d0 * q + v1;
      t1 = d1 * y - c1 * z + t2;
      v1 = d1 * q - c1 * r + v2;
      t2 = d2 * y - c2 * z;
      v2 = d2 * q - c2 * r;
      sum += z * z;
      otherSum += r * r;
    }
    state.set([s1, s2, t1, t2]);
    other.set([u1, u2, v1, v2]);
    return sum + otherSum;
  }
}

export class Loudness {
  private readonly filters: KFilters;
  private readonly step: number;
  /** Mean square of each full 100 ms, summed over the channels. */
  private readonly parts: number[] = [];
  private sum = 0;
  private filled = 0;

  constructor(sampleRate: number, channels: number) {
    this.filters = new KFilters(kWeighting(sampleRate), channels);
    this.step = Math.max(1, Math.round(sampleRate / 10));
  }

  add(channels: readonly Float32Array[]): void {
    const frames = channels[0]?.length ?? 0;
    for (let from = 0; from < frames;) {
      const to = Math.min(frames, from + this.step - this.filled);
      this.sum += this.filters.energy(channels, from, to);
      this.filled += to - from;
      from = to;
      if (this.filled < this.step) continue;
      this.parts.push(this.sum / this.step);
      this.sum = 0;
      this.filled = 0;
    }
  }

  /** LUFS; undefined for less than 400 ms, -Infinity when all of it lies under the gate. */
  integrated(): number | undefined {
    const blocks: number[] = [];
    for (let i = 3; i < this.parts.length; i++) {
      const [a = 0, b = 0, c = 0, d = 0] = this.parts.slice(i - 3, i + 1);
      blocks.push((a + b + c + d) / 4);
    }
    if (blocks.length === 0) return undefined;
    const audible = blocks.filter((power) => lufs(power) > -70);
    if (audible.length === 0) return -Infinity;
    const gate = lufs(mean(audible)) - 10;
    return lufs(mean(audible.filter((power) => lufs(power) > gate)));
  }
}

function lufs(power: number): number {
  return -0.691 + 10 * Math.log10(power);
}

function mean(list: readonly number[]): number {
  return list.reduce((sum, each) => sum + each, 0) / list.length;
}
