import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StudioError } from '../../protocol/wire/errors';
import type { Database } from './database';
import { DeferredDatabase } from './deferred';
import type { OpenedDatabase } from './opened';

/** A database at the edge: answers its name. */
function fake(name: string): OpenedDatabase & { broken: boolean; closed: number } {
  const db = {
    broken: false,
    closed: 0,
    query: () => Promise.resolve([{ name }] as never[]),
    transaction: <T>(work: Parameters<Database['transaction']>[0]) => work(db) as Promise<T>,
    exec: () => Promise.resolve(),
    check: () => Promise.resolve({ kind: 'embedded' as const, version: name }),
    close: () => {
      db.closed += 1;
      return Promise.resolve();
    },
  };
  return db;
}
const refused = new StudioError('database.unavailable', 'not now', { retryable: true });

describe('DeferredDatabase', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('opens once, at the first call, and calls wait for it', async () => {
    let opened!: (db: OpenedDatabase) => void;
    const open = vi.fn(() => new Promise<OpenedDatabase>((resolve) => (opened = resolve)));
    const db = new DeferredDatabase(open);
    expect(open).not.toHaveBeenCalled();
    const answers = Promise.all([db.query('SELECT 1'), db.check()]);
    opened(fake('a'));
    expect(await answers).toEqual([[{ name: 'a' }], { kind: 'embedded', version: 'a' }]);
    await db.opened;
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('answers the failure for a while and then tries again, ever less often', async () => {
    const open = vi.fn<() => Promise<OpenedDatabase>>().mockRejectedValue(refused);
    const db = new DeferredDatabase(open);
    for (const pause of [500, 1000, 2000]) {
      const before = open.mock.calls.length;
      await expect(db.query('SELECT 1')).rejects.toBe(refused);
      await expect(db.exec('SELECT 1')).rejects.toBe(refused);
      vi.advanceTimersByTime(pause - 1);
      await expect(db.check()).rejects.toBe(refused);
      expect(open.mock.calls.length).toBe(before + 1);
      vi.advanceTimersByTime(1);
    }
    open.mockResolvedValue(fake('late'));
    expect(await db.query('SELECT 1')).toEqual([{ name: 'late' }]);
    await db.opened;
  });

  it('shares one failing attempt between the calls that wait for it', async () => {
    const open = vi.fn<() => Promise<OpenedDatabase>>().mockRejectedValue(refused);
    const db = new DeferredDatabase(open);
    const settled = await Promise.allSettled([db.check(), db.check(), db.query('SELECT 1')]);
    expect(settled.every(({ status }) => status === 'rejected')).toBe(true);
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('makes an unknown failure a database.unavailable', async () => {
    const db = new DeferredDatabase(() => Promise.reject(new Error('odd')));
    await expect(db.check()).rejects.toMatchObject({ kind: 'database.unavailable', retryable: true });
  });

  it('opens a broken database again, once for all that notice', async () => {
    const first = fake('first');
    const open = vi.fn<() => Promise<OpenedDatabase>>().mockResolvedValueOnce(first);
    open.mockResolvedValue(fake('second'));
    const db = new DeferredDatabase(open);
    await db.check();
    first.broken = true;
    expect(await Promise.all([db.query('SELECT 1'), db.query('SELECT 1')])).toEqual([
      [{ name: 'second' }],
      [{ name: 'second' }],
    ]);
    expect(open).toHaveBeenCalledTimes(2);
    expect(first.closed).toBe(1);
  });

  it('closes what an opening under way brings, and refuses calls afterwards', async () => {
    let opened!: (db: OpenedDatabase) => void;
    const db = new DeferredDatabase(() => new Promise<OpenedDatabase>((resolve) => (opened = resolve)));
    db.start();
    const closing = db.close();
    const late = fake('late');
    opened(late);
    await closing;
    expect(late.closed).toBe(1);
    await expect(db.check()).rejects.toMatchObject({ kind: 'database.unavailable' });
  });

  it('closes though it was never opened', async () => {
    const open = vi.fn(() => Promise.resolve(fake('x')));
    await new DeferredDatabase(open).close();
    expect(open).not.toHaveBeenCalled();
  });
});
