/** Room on the disk: asked before a download begins, and again and again while others write to the disk too. */
import { diskFull } from '../../hub/diskError';
import { LocalDir, type LocalFile } from '../../hub/localDir';
import { freeBytes } from './freeSpace';
import type { Job } from './job';
import { sizeOf } from './plan';

/** Milliseconds between two looks at the free space while something runs. */
const interval = 2000;

export class DiskSpace {
  private seenAt = 0;

  constructor(private readonly free: (folder: string) => Promise<number> = freeBytes) {}

  /** Rejects with `download.diskFull` unless the files fit beside what the jobs have still to bring. */
  async check(folder: string, files: readonly LocalFile[], jobs: readonly Job[]): Promise<void> {
    const local = new LocalDir(folder);
    const states = await Promise.all(files.map((file) => local.quickState(file)));
    const needed = sizeOf(files) - states.reduce((sum, { bytesDone }) => sum + bytesDone, 0);
    const promised = jobs.reduce((sum, job) => sum + job.remainingBytes, 0);
    const free = await this.free(folder);
    if (needed + promised > free) throw diskFull(folder, needed + promised, free);
  }

  /** The jobs that no longer fit, each with its error; looks at most every two seconds. */
  async outgrown(jobs: readonly Job[]): Promise<{ readonly job: Job; readonly error: Error }[]> {
    if (performance.now() - this.seenAt < interval) return [];
    this.seenAt = performance.now();
    const found = [];
    for (const job of jobs) {
      const needed = job.remainingBytes;
      const free = await this.free(job.local.root);
      if (needed > free) found.push({ job, error: diskFull(job.local.root, needed, free) });
    }
    return found;
  }
}
