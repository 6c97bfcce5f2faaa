/** Which words an epoch is made of, in which order. */
import type { Random } from '../../sdk/random';
import { byStem, type Entry } from './lexicon';

/** Batches are filled with words of similar length, so that little of them is padding. */
const batchesSortedTogether = 16;

/** Draws words; all of an epoch comes from the generator it is given. */
export class Sampler {
  private readonly cumulative: Float64Array;

  constructor(
    private readonly entries: readonly Entry[],
    private readonly balance: number,
    private readonly words: number = entries.length,
  ) {
    const size = new Map([...byStem(entries)].map(([stem, group]) => [stem, group.length]));
    let sum = 0;
    this.cumulative = Float64Array.from(entries, ({ stem }) => (sum += (size.get(stem) ?? 1) ** -balance));
  }

  /** The words of an epoch in batches: each of them at most once, or drawn by the weights of their stems. */
  epoch(batchSize: number, random: Random): number[][] {
    const drawn =
      this.balance === 0
        ? random.shuffle(this.entries.map((_, i) => i)).slice(0, this.words)
        : Array.from({ length: this.words }, () => this.draw(random));
    const batches: number[][] = [];
    const pool = batchSize * batchesSortedTogether;
    for (let from = 0; from < drawn.length; from += pool) {
      const part = drawn.slice(from, from + pool).sort((a, b) => this.length(a) - this.length(b));
      for (let at = 0; at < part.length; at += batchSize) batches.push(part.slice(at, at + batchSize));
    }
    return random.shuffle(batches);
  }

  private length(index: number): number {
    return this.entries[index]?.letters.length ?? 0;
  }

  private draw(random: Random): number {
    const aim = random.next() * (this.cumulative.at(-1) ?? 0);
    let [low, high] = [0, this.cumulative.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.cumulative[middle] ?? 0) > aim) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
