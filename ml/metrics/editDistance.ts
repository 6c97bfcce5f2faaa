/** How two sequences differ: the figures behind phoneme, character and word error rates. */

export interface Edit<T> {
  /** Absent where something was inserted. */
  readonly reference?: T;
  /** Absent where something was left out. */
  readonly hypothesis?: T;
}

/** Levenshtein distances of every pair of prefixes, row-major `[reference + 1, hypothesis + 1]`. */
function distances<T>(reference: readonly T[], hypothesis: readonly T[]): Int32Array {
  const width = hypothesis.length + 1;
  const table = new Int32Array((reference.length + 1) * width);
  for (let i = 0; i <= reference.length; i++) {
    for (let j = 0; j <= hypothesis.length; j++) {
      const at = i * width + j;
      if (i === 0 || j === 0) {
        table[at] = i + j;
        continue;
      }
      const changed = (table[at - width - 1] ?? 0) + (reference[i - 1] === hypothesis[j - 1] ? 0 : 1);
      table[at] = Math.min(changed, (table[at - width] ?? 0) + 1, (table[at - 1] ?? 0) + 1);
    }
  }
  return table;
}

/** Fewest insertions, deletions and substitutions that make one of the other. */
export function editDistance<T>(reference: readonly T[], hypothesis: readonly T[]): number {
  return distances(reference, hypothesis).at(-1) ?? 0;
}

/** One shortest way from the reference to the hypothesis, equal pairs included, in order. */
export function align<T>(reference: readonly T[], hypothesis: readonly T[]): Edit<T>[] {
  const table = distances(reference, hypothesis);
  const width = hypothesis.length + 1;
  const edits: Edit<T>[] = [];
  let [i, j] = [reference.length, hypothesis.length];
  while (i > 0 || j > 0) {
    const here = table[i * width + j] ?? 0;
    const [a, b] = [reference[i - 1], hypothesis[j - 1]];
    const changed = i > 0 && j > 0 ? (table[(i - 1) * width + j - 1] ?? 0) + (a === b ? 0 : 1) : Infinity;
    if (changed === here && a !== undefined && b !== undefined) {
      edits.push({ reference: a, hypothesis: b });
      i--;
      j--;
    } else if (a !== undefined && i > 0 && (table[(i - 1) * width + j] ?? 0) + 1 === here) {
      edits.push({ reference: a });
      i--;
    } else {
      edits.push({ ...(b === undefined ? {} : { hypothesis: b }) });
      j--;
    }
  }
  return edits.reverse();
}
