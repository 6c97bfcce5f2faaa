/** What is said in a recording, with times. */

export interface Word {
  /** Seconds. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface Segment extends Word {
  readonly words: readonly Word[];
  /** The words' times are shared out by their letters: nothing told them. */
  readonly estimated: boolean;
}

/** A segment whose words' times are not known: each gets its letters' share of the time. */
export function segmentOf(from: number, to: number, text: string): Segment {
  const clean = text.trim();
  const parts = clean.split(/\s+/).filter((part) => part !== '');
  const weight = (part: string): number => Array.from(part).length + 1;
  const total = parts.reduce((sum, part) => sum + weight(part), 0);
  let at = from;
  const words = parts.map((part) => {
    const end = at + ((to - from) * weight(part)) / Math.max(1, total);
    const word = { from: at, to: end, text: part };
    at = end;
    return word;
  });
  return { from, to, text: clean, words, estimated: true };
}

/** The segment or word that sounds at a time; undefined between them. */
export function indexAt(list: readonly Word[], time: number): number | undefined {
  let [low, high] = [0, list.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const item = list[middle];
    if (item === undefined) return undefined;
    if (time < item.from) high = middle - 1;
    else if (time >= item.to) low = middle + 1;
    else return middle;
  }
  return undefined;
}
