/** Rows that cannot be learnt from, as problems of the config: one for each kind, with the first lines. */
import { StudioError } from '../../../protocol/wire/errors';
import { linesOf } from '../../sdk/problems';
import { warning, type ConfigProblem } from '../../sdk/trainingTask';
import { say } from './words';

export interface Fault {
  /** Of the table, from 1. */
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

export function reportFaults(faults: readonly Fault[], at: string): ConfigProblem[] {
  const kinds = new Map<string, Fault[]>();
  for (const fault of faults) kinds.set(fault.code, [...(kinds.get(fault.code) ?? []), fault]);
  return [...kinds].map(([code, all]) => {
    const [first] = all;
    const where = linesOf(all.map(({ line }) => line));
    return warning(at, say`${first?.message ?? ''} Left out: ${where}.`, { code });
  });
}

/** What a reader threw, as a sentence. */
export function errorText(error: unknown): string {
  if (error instanceof StudioError) return error.message;
  const code = (error as NodeJS.ErrnoException).code;
  return say`The file cannot be read (${code ?? String(error)}).`;
}
