/** Names for new files that nothing has yet. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Run } from '../../protocol/model/run';
import { trainingConfigSuffix } from '../contributions';

export function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return (
    relative !== '' &&
    relative !== '..' &&
    !relative.startsWith(`..${path.sep}`) &&
    !path.isAbsolute(relative)
  );
}

export async function isTaken(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** `iris`, `iris-2`, `iris-3`…: the first that `taken` does not know. */
async function free(name: string, taken: (name: string) => Promise<boolean>): Promise<string> {
  for (let next = 1; ; next += 1) {
    const candidate = next === 1 ? name : `${name}-${next}`;
    if (!(await taken(candidate))) return candidate;
  }
}

/** Of a config in `folder`. */
export function freeConfigName(folder: string, name: string): Promise<string> {
  return free(name, (one) => isTaken(path.join(folder, one + trainingConfigSuffix)));
}

/** An absolute path that is neither on disk nor any run's. */
export async function freeOutputFolder(
  workspace: string,
  name: string,
  runs: readonly Pick<Run, 'outputPath'>[],
): Promise<string> {
  const base = path.join(workspace, 'models', 'trained');
  const plain = name.replace(/[\\/:*?"<>|\s]+/g, '-').replace(/^[.-]+|[.-]+$/g, '') || 'model';
  const found = await free(plain, async (one) => {
    const folder = path.join(base, one);
    return runs.some((run) => run.outputPath === folder) || isTaken(folder);
  });
  return path.join(base, found);
}
