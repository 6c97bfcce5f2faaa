/** What was tried on this model, newest first. */
import * as z from 'zod';
import { isolate } from '../common/i18n/translate';

export const historyEntry = z.object({
  /** Short words for the input: the row, the file's name. */
  input: z.string(),
  label: z.string(),
  score: z.number().optional(),
  engine: z.string(),
  runMs: z.number(),
  /** A row that can be put back into the form. */
  row: z.record(z.string(), z.string()).optional(),
  /** What a model that reads was given. */
  text: z.string().max(20_000).optional(),
});
export type HistoryEntry = z.infer<typeof historyEntry>;

export const historyLength = 20;

/** The same input with the same answer again moves to the top instead of repeating. */
export function remember(history: readonly HistoryEntry[], entry: HistoryEntry): HistoryEntry[] {
  const others = history.filter(
    (old) => old.input !== entry.input || old.label !== entry.label || old.engine !== entry.engine,
  );
  return [entry, ...others].slice(0, historyLength);
}

/** `5.1 · 3.5 · red`, the way a row reads at a glance. */
export function rowWords(row: Readonly<Record<string, string>>): string {
  return Object.values(row).map(isolate).join(' · ');
}
