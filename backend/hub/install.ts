import { rename } from 'node:fs/promises';
import { toDiskError } from './diskError';
import { backoff, sleep } from './retry';

/** Gives a finished file its name. */
export async function install(partial: string, destination: string): Promise<void> {
  for (let failures = 1; ; failures += 1) {
    try {
      await rename(partial, destination);
      break;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // On Windows a virus scanner holds a new file for a moment.
      const mayPass =
        process.platform === 'win32' && (code === 'EPERM' || code === 'EBUSY' || code === 'EACCES');
      if (!mayPass || failures >= 8) throw toDiskError(error, destination);
      await sleep(backoff(failures, { base: 50, cap: 1000 }));
    }
  }
}
