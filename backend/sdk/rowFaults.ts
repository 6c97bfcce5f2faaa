/** Rows that cannot be learnt from, as problems of the config: one for each kind, with the first lines. */
import { StudioError } from '../../protocol/wire/errors';
import { listed, say } from '../language/say';
import type { RowFault } from './data/row';
import { linesOf } from './problems';
import { problem, warning, type ConfigProblem } from './trainingTask';

export function reportFaults(faults: readonly RowFault[], at: string): ConfigProblem[] {
  const kinds = new Map<string, RowFault[]>();
  for (const fault of faults) kinds.set(fault.code, [...(kinds.get(fault.code) ?? []), fault]);
  return [...kinds].map(([code, all]) => {
    const message = all[0]?.message ?? '';
    // What is wrong with a whole file has no line.
    const lines = all.flatMap(({ line }) => line ?? []);
    return warning(at, lines.length === 0 ? message : say`${message} Left out: ${linesOf(lines)}.`, { code });
  });
}

/** What a reader threw, as a sentence. */
export function errorText(error: unknown): string {
  if (error instanceof StudioError) return error.message;
  const code = (error as NodeJS.ErrnoException).code;
  return say`The file cannot be read (${code ?? String(error)}).`;
}

const offeredSpeakers = 12;

/** `data.speaker` names nobody of the data; undefined where it does, or where the data names nobody. */
export function unknownSpeaker(
  speaker: string | undefined,
  speakers: readonly string[],
): ConfigProblem | undefined {
  if (speaker === undefined || speakers.length === 0 || speakers.includes(speaker)) return undefined;
  const some = speakers.slice(0, offeredSpeakers);
  const message = say`Nobody in the data is called "${speaker}". There are: ${listed(some)}.`;
  const fixes = some.map((value) => ({ kind: 'set' as const, path: '/data/speaker', value }));
  return problem('/data/speaker', message, { code: 'data.speaker', fixes });
}
