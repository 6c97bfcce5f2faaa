/** What waits is pruned as what lies on the disk is, and everything wanted is there before a run ends. */
import { describe, expect, it } from 'vitest';
import { eventually } from '../../tests/fixtures/eventually';
import { CheckpointQueue, stillWanted, type QueuedCheckpoint } from './checkpointQueue';
import type { CheckpointJob, CheckpointWriter, WrittenCheckpoint } from './checkpointWriter';

/** A disk as slow as the test wants it to be. */
class SlowWriter implements CheckpointWriter {
  readonly inBackground = true;
  readonly jobs: CheckpointJob[] = [];
  private readonly under: (() => void)[] = [];

  constructor(private readonly fails = false) {}

  write(job: CheckpointJob): Promise<WrittenCheckpoint> {
    this.jobs.push(job);
    if (this.fails) return Promise.reject(new Error('no room'));
    const written = { folder: `at ${job.content.state.state.epoch}`, removed: [] };
    return new Promise((resolve) => this.under.push(() => resolve(written)));
  }

  /** Writes all that it is given from now on at once. */
  async finish(queue: CheckpointQueue): Promise<void> {
    let over = false;
    const settled = queue.settled().finally(() => (over = true));
    await eventually(() => {
      this.under.splice(0).forEach((done) => done());
      return Promise.resolve(over);
    });
    await settled;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  get epochs(): number[] {
    return this.jobs.map(({ content }) => content.state.state.epoch);
  }
}

/** Of `epoch`, which counts on the best one, of `best`. */
function checkpoint(epoch: number, best: number, keep = 2): QueuedCheckpoint {
  const state = { epoch, step: epoch * 10, best: { epoch: best, step: best * 10, value: 1 } };
  return {
    parent: '/run',
    content: {
      weights: new Uint8Array(1),
      optimizer: new Uint8Array(1),
      state: { state },
    } as unknown as CheckpointJob['content'],
    best: epoch === best,
    keep,
    begin: () => undefined,
    written: () => undefined,
  };
}

const epochs = (given: readonly QueuedCheckpoint[]) => given.map(({ content }) => content.state.state.epoch);

describe('the queue of checkpoints', () => {
  it('keeps the newest, and the best that these count on', () => {
    const of = (...pairs: [number, number][]) => pairs.map(([epoch, best]) => checkpoint(epoch, best));
    expect(epochs(stillWanted(of([1, 1], [2, 1], [3, 1], [4, 1]), 2))).toEqual([1, 3, 4]);
    expect(epochs(stillWanted(of([1, 1], [2, 2], [3, 3], [4, 4]), 2))).toEqual([3, 4]);
    // The third is written first: should nothing follow, its best has to be there.
    expect(epochs(stillWanted(of([1, 1], [2, 1], [3, 1], [4, 4]), 2))).toEqual([1, 3, 4]);
  });

  it('lets training go on while a slow disk writes, and writes only what would have stayed', async () => {
    const writer = new SlowWriter();
    const queue = new CheckpointQueue(writer, undefined);
    for (let epoch = 1; epoch <= 100; epoch += 1)
      await queue.add(checkpoint(epoch, epoch <= 50 ? epoch : 50));
    expect(writer.epochs).toEqual([1]);
    await writer.finish(queue);
    expect(writer.epochs).toEqual([1, 50, 99, 100]);
    // Whoever prunes the disk after the last one is told which was the best.
    expect(writer.jobs.map(({ spared }) => spared)).toEqual([[], ['at 1'], ['at 50'], ['at 50']]);
  });

  it('spares the best one of a run that goes on', async () => {
    const writer = new SlowWriter();
    const queue = new CheckpointQueue(writer, 'at 3');
    await queue.add(checkpoint(7, 3));
    await writer.finish(queue);
    expect(writer.jobs[0]?.spared).toEqual(['at 3']);
  });

  it('fails the next one, and the end, with why one could not be written', async () => {
    const queue = new CheckpointQueue(new SlowWriter(true), undefined);
    await queue.add(checkpoint(1, 1));
    await expect(queue.settled()).rejects.toThrow('no room');
    await expect(queue.add(checkpoint(2, 1))).rejects.toThrow('no room');
  });
});
