import type { Random } from './random';

/** Batches whose recordings are drawn from so many: of similar length, but not the same neighbours in each epoch. */
const pool = 8;

/**
 * Indices of one epoch's batches, each recording once: shuffled, then sorted by length within a pool of several batches, so
 * that little of a batch is padding.
 */
export function batchesByLength(lengths: ArrayLike<number>, batchSize: number, random: Random): number[][] {
  const order = random.shuffle(Array.from({ length: lengths.length }, (_, i) => i));
  const batches: number[][] = [];
  for (let from = 0; from < order.length; from += pool * batchSize) {
    const part = order
      .slice(from, from + pool * batchSize)
      .sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0));
    for (let at = 0; at < part.length; at += batchSize) batches.push(part.slice(at, at + batchSize));
  }
  return random.shuffle(batches);
}
