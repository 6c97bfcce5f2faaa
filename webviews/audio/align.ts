/** How much later one recording of the same speech begins than another, from their loudness over time. */
import type { Scan } from './scan';

/** Envelope points a second. */
const pointsPerSecond = 100;
const mostSeconds = 120;
/** Likeness below which two recordings are no recordings of one thing. */
const leastLikeness = 0.5;

export interface Heard {
  readonly scanned: Scan;
  readonly sampleRate: number;
  readonly seconds: number;
}

/** Seconds to add to `b`'s times to lay it over `a`; undefined when they are not alike anywhere. */
export function findOffset(a: Heard, b: Heard): number | undefined {
  const [first, second] = [envelope(a), envelope(b)];
  const shortest = Math.min(first.length, second.length);
  if (shortest < pointsPerSecond / 4) return undefined;
  let best = { lag: 0, likeness: -Infinity };
  // Half of the shorter one has to lie over the other.
  const least = Math.floor(shortest / 2);
  for (let lag = least - second.length; lag <= first.length - least; lag++) {
    const found = likeness(first, second, lag);
    if (found > best.likeness) best = { lag, likeness: found };
  }
  return best.likeness < leastLikeness ? undefined : best.lag / pointsPerSecond;
}

/** Decibels of each hundredth of a second, in the louder 60 dB. */
function envelope({ scanned, sampleRate, seconds }: Heard): Float32Array {
  const points = Math.floor(Math.min(seconds, mostSeconds) * pointsPerSecond);
  const step = sampleRate / pointsPerSecond;
  return Float32Array.from({ length: points }, (_, i) => {
    const rms = Math.max(0, ...scanned.peaks.map((peaks) => peaks.level((i + 1) * step - 1, step).rms));
    return Math.max(-60, 20 * Math.log10(Math.max(rms, 1e-9)));
  });
}

/** Pearson's correlation of what lies over each other. */
function likeness(a: Float32Array, b: Float32Array, lag: number): number {
  const from = Math.max(0, lag);
  const to = Math.min(a.length, b.length + lag);
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
  for (let i = from; i < to; i++) {
    const [x, y] = [a[i] ?? 0, b[i - lag] ?? 0];
    sumA += x;
    sumB += y;
    squaresA += x * x;
    squaresB += y * y;
    products += x * y;
  }
  const count = to - from;
  const spread = (squaresA - sumA ** 2 / count) * (squaresB - sumB ** 2 / count);
  return spread <= 1e-6 ? 0 : (products - (sumA * sumB) / count) / Math.sqrt(spread);
}
