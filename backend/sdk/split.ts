import type { Random } from './random';

export interface Split {
  /** Indices into the examples, in rising order. */
  readonly training: number[];
  readonly validation: number[];
}

/**
 * Splits examples so that every label keeps its share on both sides. A label of one example is trained on only;
 * of two or more, at least one goes to each side.
 * @param labels class of each example
 * @param share of validation, 0..1
 */
export function stratifiedSplit(labels: readonly number[], share: number, random: Random): Split {
  const byLabel = new Map<number, number[]>();
  labels.forEach((label, index) => {
    const group = byLabel.get(label);
    if (group === undefined) byLabel.set(label, [index]);
    else group.push(index);
  });
  const training: number[] = [];
  const validation: number[] = [];
  for (const label of [...byLabel.keys()].sort((a, b) => a - b)) {
    const group = random.shuffle(byLabel.get(label) ?? []);
    const held =
      group.length < 2 ? 0 : Math.min(group.length - 1, Math.max(1, Math.round(group.length * share)));
    validation.push(...group.slice(0, held));
    training.push(...group.slice(held));
  }
  const rising = (a: number, b: number): number => a - b;
  return { training: training.sort(rising), validation: validation.sort(rising) };
}

/** The indices of one epoch's batches, shuffled; the last batch may be smaller. */
export function shuffledBatches(indices: readonly number[], batchSize: number, random: Random): number[][] {
  return inBatches(random.shuffle([...indices]), batchSize);
}

export function inBatches(indices: readonly number[], batchSize: number): number[][] {
  const batches: number[][] = [];
  for (let at = 0; at < indices.length; at += batchSize) batches.push(indices.slice(at, at + batchSize));
  return batches;
}
