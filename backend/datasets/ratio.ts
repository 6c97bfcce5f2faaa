import { figure, say } from '../language/say';
import type { Findings } from './findings';
import type { IndexedRow } from './indexedRow';

/** Fewer rows have no usual pace. */
const fewest = 20;
/** Farther from the usual pace than a fast or slow reader. */
const farthest = Math.log(2.5);
/** Characters a second that nobody says. */
const unsayable = 40;

/** Rows whose text is much longer or shorter than what can be said in their recording: a wrong text, or half of one. */
export function checkRatios(rows: readonly IndexedRow[], findings: Findings): Record<string, unknown> {
  const spoken = rows.flatMap((row) => {
    const length = row.text?.trim().length ?? 0;
    return length > 0 && (row.seconds ?? 0) > 0 ? [{ row, pace: length / (row.seconds ?? 1) }] : [];
  });
  if (spoken.length === 0) return {};
  const median = middle(spoken.map(({ pace }) => pace));
  const spread = middle(spoken.map(({ pace }) => Math.abs(Math.log(pace / median))));
  const limit = Math.max(farthest, 5 * spread);
  for (const { row, pace } of spoken) {
    const far = spoken.length >= fewest && Math.abs(Math.log(pace / median)) > limit;
    if (!far && pace <= unsayable) continue;
    const sentence = (): string =>
      say`${row.id} has ${figure(pace, 1)} characters for each second of sound, others ${figure(median, 1)}: text and recording may not belong together.`;
    findings.add('warning', 'audio.ratio', sentence, row);
  }
  return { charactersPerSecond: median };
}

function middle(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1] ?? 0;
}
