import { describe, expect, it } from 'vitest';
import { SampleQueue } from './sampleQueue';

/** A disk that writes when it is told to. */
class SlowDisk {
  readonly written: number[] = [];
  private readonly under: (() => void)[] = [];

  readonly write = ({ epoch }: { epoch: number }): Promise<void> =>
    new Promise((resolve) =>
      this.under.push(() => {
        this.written.push(epoch);
        resolve();
      }),
    );

  async turn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.under.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('samples on their way to the disk', () => {
  it('are not waited for, and written in their order', async () => {
    const disk = new SlowDisk();
    const queue = new SampleQueue(disk.write);
    for (const epoch of [1, 2, 3]) await queue.add({ epoch, items: [] });
    expect(disk.written).toEqual([]);
    const settled = queue.settled();
    for (let i = 0; i < 3; i++) await disk.turn();
    await settled;
    expect(disk.written).toEqual([1, 2, 3]);
  });

  it('are waited for when many are under way', async () => {
    const disk = new SlowDisk();
    const queue = new SampleQueue(disk.write);
    for (let epoch = 1; epoch <= 8; epoch++) await queue.add({ epoch, items: [] });
    let isIn = false;
    const ninth = queue.add({ epoch: 9, items: [] }).then(() => (isIn = true));
    await disk.turn();
    expect(isIn).toBe(false);
    for (let i = 0; i < 7; i++) await disk.turn();
    await ninth;
    expect(disk.written).toHaveLength(8);
  });

  it('say once and for all what they failed with, and write nothing after it', async () => {
    let asked = 0;
    const queue = new SampleQueue(() => {
      asked += 1;
      return Promise.reject(new Error('no room'));
    });
    await queue.add({ epoch: 1, items: [] });
    await queue.add({ epoch: 2, items: [] });
    await expect(queue.settled()).rejects.toThrow('no room');
    await expect(queue.add({ epoch: 3, items: [] })).rejects.toThrow('no room');
    expect(asked).toBe(1);
  });
});
