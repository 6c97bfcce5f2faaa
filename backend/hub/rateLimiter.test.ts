import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RateLimiter } from './rateLimiter';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Milliseconds of fake time that taking takes. */
async function timeOf(work: Promise<unknown>): Promise<number> {
  const begin = performance.now();
  let end = 0;
  void work.then(() => (end = performance.now()));
  while (end === 0) await vi.advanceTimersByTimeAsync(5);
  return end - begin;
}

it('does not wait without a limit', () => {
  expect(new RateLimiter().take(1e9)).toBeUndefined();
});

it('spreads bytes over time, for all who take', async () => {
  const limiter = new RateLimiter(1000);
  const takers = Promise.all([limiter.take(500), limiter.take(500), limiter.take(1000)]);
  expect(await timeOf(takers)).toBeGreaterThanOrEqual(1950);
});

it('saves up no more than a tenth of a second', async () => {
  const limiter = new RateLimiter(1000);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await timeOf(Promise.resolve(limiter.take(1000)))).toBeGreaterThanOrEqual(890);
});

it('applies a new rate to those who wait', async () => {
  const limiter = new RateLimiter(10);
  const waiting = Promise.resolve(limiter.take(1000));
  await vi.advanceTimersByTimeAsync(1000);
  limiter.setRate(0);
  expect(await timeOf(waiting)).toBeLessThanOrEqual(110);
});

it('lets go when it is cancelled', async () => {
  const limiter = new RateLimiter(10);
  const controller = new AbortController();
  const waiting = expect(limiter.take(1000, controller.signal)).rejects.toMatchObject({ kind: 'cancelled' });
  controller.abort();
  await waiting;
});
