/**
 * Seeded random numbers whose whole state is four integers, so that a checkpoint can hold it: sfc32 (Chris
 * Doty-Humphrey's Small Fast Counter generator, 32-bit), seeded through splitmix32.
 */
export type RandomState = readonly [number, number, number, number];

function splitmix32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

export class Random {
  private constructor(private words: [number, number, number, number]) {}

  /** Several numbers make one seed: `Random.from(seed, epoch)` gives each epoch a stream of its own. */
  static from(...seeds: readonly number[]): Random {
    let mixed = 0;
    for (const seed of seeds) mixed = splitmix32((mixed ^ (seed >>> 0)) >>> 0)();
    const word = splitmix32(mixed);
    const random = new Random([word(), word(), word(), 1]);
    for (let i = 0; i < 12; i++) random.next();
    return random;
  }

  static restore(state: RandomState): Random {
    return new Random([...state]);
  }

  get state(): RandomState {
    return [...this.words];
  }

  /** Goes on from another's state. */
  assign(state: RandomState): void {
    this.words = [...state];
  }

  /** Uniform in [0, 1). A bound function: pass it wherever `() => number` is asked for. */
  readonly next = (): number => {
    const [a, b, c, counter] = this.words;
    const sum = (a + b + counter) | 0;
    const rotated = (c << 21) | (c >>> 11);
    this.words = [b ^ (b >>> 9), (c + (c << 3)) | 0, (rotated + sum) | 0, (counter + 1) | 0];
    return (sum >>> 0) / 0x1_0000_0000;
  };

  /** A whole number in [0, end). */
  int(end: number): number {
    return Math.floor(this.next() * end);
  }

  /** Shuffles in place (Fisher–Yates) and answers the same array. */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const held = items[i] as T;
      items[i] = items[j] as T;
      items[j] = held;
    }
    return items;
  }
}
