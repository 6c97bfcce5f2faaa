/**
 * How likely words go on after their first letters, by a list of them: what a decoder knows of words that no transcript has.
 * The list is sorted, so that the words with the same first letters are a range of it.
 */

/** Words that begin alike: `[low, high)` of the list, alike in `depth` UTF-16 units. */
export interface WordRange {
  readonly low: number;
  readonly high: number;
  readonly depth: number;
}

/** What stands between words; a half space parts them too, as it is heard no more than a space is. */
export const isBoundary = (character: string): boolean => character === ' ' || character === '\u200c';

export class WordPrior {
  /** Weight of all words before each. */
  private readonly before: Float64Array;

  private constructor(
    private readonly words: readonly string[],
    private readonly weights: readonly number[],
  ) {
    this.before = new Float64Array(words.length + 1);
    weights.forEach((weight, i) => (this.before[i + 1] = (this.before[i] ?? 0) + weight));
  }

  /** Of normalised texts: running text, or a word each. Frequent words weigh more, by the logarithm: compounds count their parts often. */
  static count(texts: Iterable<string>): WordPrior {
    const counts = new Map<string, number>();
    for (const text of texts) {
      for (const word of text.split(/[ \u200c]+/))
        if (word !== '') counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    return WordPrior.of(
      new Map([...counts].map(([word, count]) => [word, Number((1 + Math.log(count)).toFixed(2))])),
    );
  }

  private static of(counts: ReadonlyMap<string, number>): WordPrior {
    const words = [...counts.keys()].sort();
    return new WordPrior(
      words,
      words.map((word) => counts.get(word) ?? 0),
    );
  }

  /** Of `toText`. Lines that are none of it are words of weight 1. */
  static fromText(text: string): WordPrior {
    const counts = new Map<string, number>();
    for (const line of text.split(/\r?\n/)) {
      const [word = '', count = '1'] = line.split('\t');
      const weight = Number(count);
      if (word !== '') counts.set(word, Number.isFinite(weight) && weight > 0 ? weight : 1);
    }
    return WordPrior.of(counts);
  }

  /** A word a line, with a tab and its weight where that is not 1. */
  toText(): string {
    return this.words.map((word, i) => `${word}${this.tailOf(i)}\n`).join('');
  }

  private tailOf(index: number): string {
    const weight = this.weights[index] ?? 1;
    return weight === 1 ? '' : `\t${weight}`;
  }

  get size(): number {
    return this.words.length;
  }

  get all(): WordRange {
    return { low: 0, high: this.words.length, depth: 0 };
  }

  /** Those of a range that go on with a character; undefined where none does. */
  following(range: WordRange, character: string): WordRange | undefined {
    let { low, high } = range;
    for (let unit = 0; unit < character.length; unit++) {
      const code = character.charCodeAt(unit);
      const at = range.depth + unit;
      low = this.firstOf(low, high, at, code);
      high = this.firstOf(low, high, at, code + 1);
      if (low >= high) return undefined;
    }
    return { low, high, depth: range.depth + character.length };
  }

  /** The first of `[low, high)` whose unit at a place is at least `code`; a word that ends there comes before all. */
  private firstOf(low: number, high: number, at: number, code: number): number {
    while (low < high) {
      const middle = (low + high) >>> 1;
      const word = this.words[middle] ?? '';
      if (at < word.length && word.charCodeAt(at) >= code) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Nats of one range after another that holds it. */
  likelihood(of: WordRange, after: WordRange): number {
    return Math.log(this.weightOf(of) / this.weightOf(after));
  }

  /** Nats of a word's ending where a range begins to differ. */
  end(range: WordRange): number {
    const first = this.words[range.low];
    if (first?.length !== range.depth || range.depth === 0) return -Infinity;
    return Math.log((this.weights[range.low] ?? 0) / this.weightOf(range));
  }

  private weightOf({ low, high }: WordRange): number {
    return (this.before[high] ?? 0) - (this.before[low] ?? 0);
  }
}
