/**
 * Sample predictions on their way to the disk. Each file takes several turns of the event loop, of which a loop of steps
 * leaves few: training waits for none of them unless many are under way.
 */
import type { TaskSample } from '../sdk/trainingTask';

export interface SampledEpoch {
  readonly epoch: number;
  readonly items: readonly TaskSample[];
}

/** Epochs that may wait, with their sounds, in memory. */
const mostWaiting = 8;

export class SampleQueue {
  private last: Promise<void> = Promise.resolve();
  private waiting = 0;
  private failed: { readonly reason: unknown } | undefined;

  constructor(private readonly write: (sampled: SampledEpoch) => Promise<void>) {}

  /** Resolves when training may go on. Throws what an earlier one failed with. */
  async add(sampled: SampledEpoch): Promise<void> {
    if (this.waiting >= mostWaiting) await this.last;
    this.throwFailure();
    this.waiting += 1;
    this.last = this.last.then(() => this.next(sampled));
  }

  /** Resolves when all of them are on the disk, or throws why one is not. */
  async settled(): Promise<void> {
    await this.last;
    this.throwFailure();
  }

  private async next(sampled: SampledEpoch): Promise<void> {
    try {
      if (this.failed === undefined) await this.write(sampled);
    } catch (reason) {
      this.failed = { reason };
    } finally {
      this.waiting -= 1;
    }
  }

  private throwFailure(): void {
    if (this.failed !== undefined) throw this.failed.reason;
  }
}
