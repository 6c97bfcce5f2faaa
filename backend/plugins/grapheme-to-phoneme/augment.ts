/**
 * Made-up stems: consonants are exchanged for others in spelling and sound alike. Which letters stand for one phoneme
 * each is learnt from the lexicon itself.
 */
import type { Random } from '../../sdk/random';
import type { Entry } from './lexicon';

/** Share of a letter's words in which its phoneme must be found as often as the letter. */
const agreement = 0.95;
/** Words a letter must be seen in. */
const fewest = 20;

export type Pronounced = Pick<Entry, 'letters' | 'phonemes' | 'stem'>;

const count = (items: readonly string[], item: string): number =>
  items.reduce((sum, one) => (one === item ? sum + 1 : sum), 0);

/** Letters that are heard as one phoneme wherever they stand, with that phoneme. */
export function steadyLetters(entries: readonly Pronounced[]): Map<string, string> {
  const seen = new Map<string, number>();
  const together = new Map<string, Map<string, number>>();
  for (const { letters, phonemes } of entries) {
    for (const letter of new Set(letters)) {
      seen.set(letter, (seen.get(letter) ?? 0) + 1);
      const equal = together.get(letter) ?? new Map<string, number>();
      together.set(letter, equal);
      const wanted = count(letters, letter);
      for (const phoneme of new Set(phonemes)) {
        if (count(phonemes, phoneme) === wanted) equal.set(phoneme, (equal.get(phoneme) ?? 0) + 1);
      }
    }
  }
  const steady = new Map<string, string>();
  const taken = new Map<string, string>();
  for (const [letter, words] of [...seen].sort((a, b) => b[1] - a[1])) {
    const best = [...(together.get(letter) ?? [])].sort((a, b) => b[1] - a[1])[0];
    if (best === undefined || words < fewest || best[1] < words * agreement || taken.has(best[0])) continue;
    steady.set(letter, best[0]);
    taken.set(best[0], letter);
  }
  return steady;
}

export class Swapper {
  private readonly steady: Map<string, string>;
  private readonly pool: readonly string[];

  constructor(
    entries: readonly Pronounced[],
    private readonly options: { readonly swap: number; readonly letters: number },
  ) {
    this.steady = options.swap > 0 ? steadyLetters(entries) : new Map<string, string>();
    this.pool = [...this.steady.keys()];
  }

  /** The word, perhaps with consonants of its stem exchanged, a letter always for the same other. */
  apply(entry: Pronounced, random: Random): Pronounced {
    if (this.pool.length < 2 || random.next() >= this.options.swap) return entry;
    const letters = [...entry.letters];
    const phonemes = [...entry.phonemes];
    const [from, to] = stemRange(entry);
    for (const letter of new Set(entry.letters.slice(from, to))) {
      const phoneme = this.steady.get(letter);
      if (phoneme === undefined || count(entry.letters, letter) !== count(entry.phonemes, phoneme)) continue;
      if (random.next() >= this.options.letters) continue;
      const other = this.pool[random.int(this.pool.length)] ?? letter;
      const sound = this.steady.get(other) ?? phoneme;
      const spoken = places(entry.phonemes, phoneme);
      places(entry.letters, letter).forEach((at, nth) => {
        if (at < from || at >= to) return;
        letters[at] = other;
        phonemes[spoken[nth] ?? 0] = sound;
      });
    }
    return { letters, phonemes, stem: entry.stem };
  }
}

/** Where the stem stands: inflection around it keeps its letters. The whole word where it is not to be found. */
function stemRange({ letters, stem }: Pronounced): [number, number] {
  const before = letters.join('').indexOf(stem);
  if (before < 0 || stem === '') return [0, letters.length];
  let from = 0;
  for (let units = 0; units < before; from++) units += letters[from]?.length ?? 1;
  return [from, from + Array.from(stem).length];
}

function places(items: readonly string[], item: string): number[] {
  return items.flatMap((one, i) => (one === item ? [i] : []));
}
