/** What the finished model gets right, from the counts in its `goya.json`. */

export interface LabelReport {
  readonly label: string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Validation examples of this label. */
  readonly support: number;
}

export interface Report {
  readonly labels: readonly string[];
  /** `confusion[true][predicted]`, counts. */
  readonly confusion: readonly (readonly number[])[];
  readonly perLabel: readonly LabelReport[];
  readonly accuracy: number;
  readonly examples: number;
}

/** Undefined when the counts do not fit the labels, or there are none. Shares of nothing are 0, as scikit-learn has it. */
export function reportOf(
  labels: readonly string[],
  confusion: readonly (readonly number[])[] | undefined,
): Report | undefined {
  if (confusion?.length !== labels.length || confusion.some((row) => row.length !== labels.length))
    return undefined;
  const sum = (list: readonly number[]): number => list.reduce((total, each) => total + each, 0);
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  const examples = sum(confusion.map(sum));
  if (examples === 0) return undefined;
  const right = sum(confusion.map((row, i) => row[i] ?? 0));
  const perLabel = labels.map((label, i) => {
    const hit = confusion[i]?.[i] ?? 0;
    const support = sum(confusion[i] ?? []);
    const precision = share(hit, sum(confusion.map((row) => row[i] ?? 0)));
    const recall = share(hit, support);
    return { label, precision, recall, f1: share(2 * precision * recall, precision + recall), support };
  });
  return { labels, confusion, perLabel, accuracy: right / examples, examples };
}
