/**
 * How likely a character is after those before it: n-grams counted in texts, each order falling back on the shorter one by
 * the number of different characters seen after it (Witten & Bell 1991). It is what a decoder knows of spelling.
 */
import * as z from 'zod';

/** Counts by context, then by the character after it: what a file holds. */
export const priorFile = z.object({
  formatVersion: z.literal(1),
  /** Characters looked at, the last one included. */
  order: z.number().int().min(1).max(12),
  counts: z.record(z.string(), z.record(z.string(), z.number().int().positive())),
});
export type PriorFile = z.infer<typeof priorFile>;

/** Stands before the first and after the last character of a text. */
export const edge = '\n';
/** Probability that remains for each character never seen at all. */
const unseen = 1e-4;
/** Contexts whose answers are remembered. */
const remembered = 20_000;

type Following = Map<string, number>;

export class CharacterPrior {
  /** By the characters asked for, then by context. */
  private readonly caches = new WeakMap<readonly string[], Map<string, Float64Array>>();

  private constructor(
    readonly order: number,
    private readonly contexts: ReadonlyMap<string, Following>,
    private readonly totals: ReadonlyMap<string, number>,
  ) {}

  static count(texts: Iterable<string>, order = 6): CharacterPrior {
    const contexts = new Map<string, Following>();
    for (const text of texts) {
      const characters = [edge, ...Array.from(text), edge];
      for (let i = 1; i < characters.length; i++) {
        for (let length = 0; length < order && length <= i; length++) {
          add(contexts, characters.slice(i - length, i).join(''), characters[i] ?? '');
        }
      }
    }
    return CharacterPrior.of(order, contexts);
  }

  static fromFile({ order, counts }: PriorFile): CharacterPrior {
    const contexts = new Map<string, Following>();
    for (const [context, following] of Object.entries(counts)) {
      contexts.set(context, new Map(Object.entries(following)));
    }
    return CharacterPrior.of(order, contexts);
  }

  private static of(order: number, contexts: ReadonlyMap<string, Following>): CharacterPrior {
    const totals = new Map<string, number>();
    for (const [context, following] of contexts) {
      totals.set(
        context,
        [...following.values()].reduce((sum, count) => sum + count, 0),
      );
    }
    return new CharacterPrior(order, contexts, totals);
  }

  /** The end of a text that matters for what comes next. */
  contextOf(text: string): string {
    const characters = Array.from(text);
    return characters.slice(Math.max(0, characters.length - this.order + 1)).join('');
  }

  toFile(): PriorFile {
    const counts = Object.fromEntries(
      [...this.contexts].map(([context, following]) => [context, Object.fromEntries(following)]),
    );
    return { formatVersion: 1, order: this.order, counts };
  }

  /** Nats for each of `characters` after a context of any length, `edge` first where a text begins; remembered by context. */
  after(context: string, characters: readonly string[]): Float64Array {
    const key = this.contextOf(context);
    const cache = this.caches.get(characters) ?? new Map<string, Float64Array>();
    this.caches.set(characters, cache);
    const known = cache.get(key);
    if (known !== undefined) return known;
    const answer = Float64Array.from(characters, (character) => Math.log(this.probability(key, character)));
    if (cache.size >= remembered) cache.clear();
    cache.set(key, answer);
    return answer;
  }

  /** Nats of a text that ends after a context. */
  end(context: string): number {
    return Math.log(this.probability(this.contextOf(context), edge));
  }

  private probability(context: string, character: string): number {
    const following = this.contexts.get(context);
    const shorter = (): number =>
      context === '' ? unseen : this.probability(Array.from(context).slice(1).join(''), character);
    if (following === undefined) return shorter();
    const total = this.totals.get(context) ?? 0;
    return ((following.get(character) ?? 0) + following.size * shorter()) / (total + following.size);
  }
}

function add(contexts: Map<string, Following>, context: string, character: string): void {
  const following = contexts.get(context) ?? new Map<string, number>();
  contexts.set(context, following);
  following.set(character, (following.get(character) ?? 0) + 1);
}
