import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { StudioError } from './errors';
import { PostMessagePeer, type Channel } from './postMessage';
import { notification, request } from './spec';

const double = request('test/double', z.object({ value: z.number() }), z.object({ value: z.number() }));
const tick = notification('test/tick', z.object({ count: z.number() }));

/** Two ends of one channel; messages are cloned, as a browser does. */
function channels(): [Channel, Channel] {
  const listeners: [Set<(m: unknown) => void>, Set<(m: unknown) => void>] = [new Set(), new Set()];
  const end = (mine: 0 | 1, theirs: 0 | 1): Channel => ({
    post: (message) => {
      const copy: unknown = structuredClone(message);
      queueMicrotask(() => listeners[theirs].forEach((listen) => listen(copy)));
    },
    listen: (handler) => {
      listeners[mine].add(handler);
      return () => listeners[mine].delete(handler);
    },
  });
  return [end(0, 1), end(1, 0)];
}
function peers(): { page: PostMessagePeer; panel: PostMessagePeer; problems: unknown[]; raw: Channel } {
  const [a, b] = channels();
  const problems: unknown[] = [];
  return {
    page: new PostMessagePeer(a, (p) => problems.push(p)),
    panel: new PostMessagePeer(b, (p) => problems.push(p)),
    problems,
    raw: a,
  };
}

describe('PostMessagePeer', () => {
  it('carries a request and its answer', async () => {
    const { page, panel } = peers();
    panel.handle(double, ({ value }) => Promise.resolve({ value: value * 2 }));
    expect(await page.call(double, { value: 4 })).toEqual({ value: 8 });
  });

  it('keeps the kind of an error', async () => {
    const { page, panel } = peers();
    panel.handle(double, () => Promise.reject(new StudioError('hub.gated', 'Accept the licence first.')));
    await expect(page.call(double, { value: 4 })).rejects.toMatchObject({ kind: 'hub.gated' });
  });

  it('refuses methods that the panel does not offer', async () => {
    const { page } = peers();
    await expect(page.call(double, { value: 4 })).rejects.toThrow(/may not call test\/double/);
  });

  it('cancels on the other end', async () => {
    const { page, panel } = peers();
    let started!: () => void;
    const running = new Promise<void>((resolve) => (started = resolve));
    panel.handle(
      double,
      (_params, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new StudioError('cancelled', 'Stopped.')));
          started();
        }),
    );
    const controller = new AbortController();
    const answer = page.call(double, { value: 1 }, controller.signal);
    await running;
    controller.abort();
    await expect(answer).rejects.toMatchObject({ kind: 'cancelled' });
  });

  it('ignores messages that are not ours and reports malformed notifications', async () => {
    const { page, panel, problems, raw } = peers();
    const counts: number[] = [];
    const stop = panel.onNotification(tick, ({ count }) => counts.push(count));
    raw.post({ some: 'other script' });
    raw.post({ type: 'notification', method: 'test/tick', params: { count: 'x' } });
    page.notify(tick, { count: 1 });
    panel.handle(double, ({ value }) => Promise.resolve({ value }));
    await page.call(double, { value: 0 });
    stop();
    page.notify(tick, { count: 2 });
    await page.call(double, { value: 0 });
    expect(counts).toEqual([1]);
    expect(problems).toHaveLength(1);
  });

  it('rejects what is pending when it is disposed of', async () => {
    const { page, panel } = peers();
    panel.handle(double, () => new Promise(() => undefined));
    const answer = page.call(double, { value: 1 });
    page.dispose();
    await expect(answer).rejects.toMatchObject({ kind: 'cancelled' });
  });
});
