/**
 * Checkpoints on their way to the disk. Training does not wait for them: what waits is pruned as what lies there is, so
 * that short epochs, each of which would write more than it computes, leave the same folders in the end. A second of
 * training is in memory alone, or up to five where a disk takes long.
 */
import { checkpointName } from './checkpoint';
import type { CheckpointJob, CheckpointWriter, WrittenCheckpoint } from './checkpointWriter';
import type { TrainingState } from './state';

/** Milliseconds from when one group of checkpoints goes to the disk until the next may, and at most. */
const interval = 1000;
const longestInterval = 5000;
/** Share of the time that writing may take before groups become rarer: what writes takes a core from what trains. */
const mostWriting = 0.02;
/** Bytes of tensors that may wait: a large model on a slow disk is waited for. */
const mostWaiting = 256 * 2 ** 20;

export interface QueuedCheckpoint extends Omit<CheckpointJob, 'spared'> {
  /** Before it is written. */
  begin(): void;
  written(written: WrittenCheckpoint): void;
}

export class CheckpointQueue {
  private waiting: QueuedCheckpoint[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private groupAt = -Infinity;
  /** Milliseconds that the last group took. */
  private took = 0;
  private failed: { readonly reason: unknown } | undefined;

  /** @param best the best checkpoint on the disk, of a resumed run */
  constructor(
    private readonly writer: CheckpointWriter,
    private best: string | undefined,
  ) {}

  /** Resolves when training may go on. Throws what an earlier one failed with. */
  async add(checkpoint: QueuedCheckpoint): Promise<void> {
    this.throwFailure();
    this.waiting.push(checkpoint);
    this.waiting = stillWanted(this.waiting, checkpoint.keep);
    const isMuch = this.waiting.reduce((sum, { content }) => sum + bytesOf(content), 0) > mostWaiting;
    if (!this.writer.inBackground || isMuch) await this.settled();
    else if (this.writing === undefined) this.schedule();
  }

  /** Resolves when all of them are on the disk, or throws why one is not. */
  async settled(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    while (this.failed === undefined && (this.writing !== undefined || this.waiting.length > 0)) {
      await (this.writing ?? this.startGroup());
    }
    this.throwFailure();
  }

  private throwFailure(): void {
    if (this.failed !== undefined) throw this.failed.reason;
  }

  private schedule(): void {
    if (this.timer !== undefined) return;
    const apart = Math.min(longestInterval, Math.max(interval, this.took / mostWriting));
    const wait = this.groupAt + apart - performance.now();
    if (wait <= 0) void this.startGroup();
    else this.timer = setTimeout(() => void this.startGroup(), wait);
  }

  private startGroup(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.groupAt = performance.now();
    this.writing = this.writeGroup()
      .catch((reason: unknown) => {
        this.failed ??= { reason };
      })
      .finally(() => {
        this.writing = undefined;
        this.took = performance.now() - this.groupAt;
        if (this.waiting.length > 0 && this.failed === undefined) this.schedule();
      });
    return this.writing;
  }

  /** Those that wait now, in their order, as far as they are still wanted when it is their turn. */
  private async writeGroup(): Promise<void> {
    const last = stepOf(this.waiting.at(-1));
    while (this.waiting.length > 0 && stepOf(this.waiting[0]) <= last) await this.write(this.waiting.shift());
  }

  private async write(next: QueuedCheckpoint | undefined): Promise<void> {
    if (next === undefined) return;
    const { parent, content, best, keep } = next;
    next.begin();
    const spared = this.best === undefined ? [] : [this.best];
    const written = await this.writer.write({ parent, content, best, keep, spared });
    if (best) this.best = written.folder;
    next.written(written);
  }
}

/** The newest `keep`, and the best one that any of these counts on. */
export function stillWanted<T extends Pick<QueuedCheckpoint, 'content'>>(
  waiting: readonly T[],
  keep: number,
): T[] {
  const kept = waiting.slice(-keep);
  const bests = new Set(kept.map(({ content }) => nameOf(content.state.state.best)));
  return waiting.filter((one) => kept.includes(one) || bests.has(nameOf(one.content.state.state)));
}

function nameOf(at: Pick<TrainingState, 'epoch' | 'step'> | undefined): string | undefined {
  return at === undefined ? undefined : checkpointName(at.epoch, at.step);
}

function stepOf(one: QueuedCheckpoint | undefined): number {
  return one?.content.state.state.step ?? 0;
}

function bytesOf({ weights, optimizer }: CheckpointJob['content']): number {
  return weights.byteLength + optimizer.byteLength;
}
