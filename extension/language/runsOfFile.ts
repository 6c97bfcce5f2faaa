/** The runs of one training config. Pure. */
import type { Run } from '../../protocol/model/run';
import { isActiveRun } from '../activity';

/** The run of this file that is on, else the newest. */
export function lastRun(runs: readonly Run[], file: string): Run | undefined {
  return newestFirst(runs, file)[0];
}

/** The newest run of this file that was cut short; none while one is on. */
export function resumableRun(runs: readonly Run[], file: string): Run | undefined {
  const own = newestFirst(runs, file);
  if (own.some(isActiveRun)) return undefined;
  return own.find(({ state }) => state === 'stopped' || state === 'interrupted');
}

function newestFirst(runs: readonly Run[], file: string): Run[] {
  return runs
    .filter((run) => run.configPath === file)
    .toSorted(
      (a, b) => Number(isActiveRun(b)) - Number(isActiveRun(a)) || b.createdAt.localeCompare(a.createdAt),
    );
}
