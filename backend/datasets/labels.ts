import { say } from '../language/say';
import type { Findings } from './findings';
import type { IndexedRow } from './indexedRow';

const few = 5;

/** Labels that nothing can be learnt from, at the first row that has them. */
export function checkLabels(
  counts: ReadonlyMap<string, number>,
  findings: Findings,
  file: string,
  rows: readonly IndexedRow[],
): void {
  const [only] = counts.keys();
  if (counts.size === 1 && only !== undefined) {
    const message = say`Every item has the label "${only}": with one label there is nothing to tell apart.`;
    findings.add('error', 'label.single', message, { file });
    return;
  }
  const rare = new Set([...counts].filter(([, count]) => count < few).map(([label]) => label));
  for (const row of rows) {
    const { label } = row;
    if (label === undefined || !rare.delete(label)) continue;
    const count = counts.get(label) ?? 0;
    const message =
      count === 1
        ? say`The label "${label}" has one item only.`
        : say`The label "${label}" has ${count} items only.`;
    findings.add('warning', 'label.few', message, row);
  }
}
