import { describe, expect, it, vi } from 'vitest';
import { eventually } from '../../tests/fixtures/eventually';
import { panelSubscribe, panelTopic, panelUnsubscribe } from '../../protocol/api/panel';
import { trainingCheckpoints, trainingMetrics } from '../../protocol/api/training';
import type { MetricPoint, Run } from '../../protocol/model/run';
import { StudioError } from '../../protocol/wire/errors';
import { PostMessagePeer } from '../../protocol/wire/postMessage';
import { Feed } from './feed';

const id = '00000000-0000-4000-8000-000000000001';
const at = (second: number): string =>
  new Date(Date.parse('2026-01-01T00:00:00Z') + second * 1000).toISOString();
const point = (step: number): MetricPoint => ({
  step,
  epoch: 0,
  name: 'loss',
  value: 1 / step,
  at: at(step),
});
const run = (seq: number, step = seq): Run => ({ id, seq, step }) as Run;

function connected() {
  const handlers: ((message: unknown) => void)[] = [];
  const end = (mine: number, other: number): PostMessagePeer =>
    new PostMessagePeer(
      {
        post: (message) => queueMicrotask(() => handlers[other]?.(structuredClone(message))),
        listen: (handler) => {
          handlers[mine] = handler;
          return () => undefined;
        },
      },
      () => undefined,
    );
  const page = end(0, 1);
  const panel = end(1, 0);
  const points: MetricPoint[] = [];
  const asked: (string | undefined)[] = [];
  const tokens: unknown[] = [];
  let failure: StudioError | undefined;
  panel.handle(panelSubscribe, ({ token }) => {
    tokens.push(token);
    return Promise.resolve({ items: [{ seq: tokens.length }] });
  });
  panel.handle(panelUnsubscribe, () => Promise.resolve({}));
  panel.handle(trainingMetrics, ({ since }) => {
    asked.push(since);
    if (failure !== undefined) return Promise.reject(failure);
    return Promise.resolve({ points: points.filter((each) => since === undefined || each.at > since) });
  });
  panel.handle(trainingCheckpoints, () => Promise.resolve({ checkpoints: [] }));
  const events = { snapshot: vi.fn(), change: vi.fn(), data: vi.fn(), failed: vi.fn() };
  const feed = new Feed(page, events, () => Promise.resolve());
  return { feed, panel, points, asked, tokens, events, fail: (error?: StudioError) => (failure = error) };
}

const settled = { timeoutMs: 5000 };

describe('the feed', () => {
  it('hands on the snapshot, then the changes of its own subscription only', async () => {
    const { feed, panel, tokens, events } = connected();
    await feed.subscribe();
    await feed.subscribe();
    expect(tokens).toHaveLength(2);
    expect(events.snapshot.mock.calls).toEqual([[[{ seq: 1 }]], [[{ seq: 2 }]]]);
    panel.notify(panelTopic, { token: 'runs-1', value: 'old' });
    panel.notify(panelTopic, { token: 'runs-2', value: 'new' });
    await eventually(() => events.change.mock.calls.length > 0, settled);
    expect(events.change.mock.calls).toEqual([['new']]);
  });

  it('asks for the points since the last, and once more for changes meanwhile', async () => {
    const { feed, points, asked, events } = connected();
    points.push(point(10), point(20));
    feed.follow([run(1)]);
    feed.follow([run(2)]);
    feed.follow([run(3)]);
    await eventually(() => events.data.mock.calls.length === 2, settled);
    expect(asked).toEqual([undefined, at(18)]);
    points.push(point(30));
    feed.follow([run(4)]);
    await eventually(() => feed.metrics.get(id)?.byName.get('loss')?.steps.length === 3, settled);
    feed.follow([run(4)]);
    expect(asked).toHaveLength(3);
  });

  it('asks again after the page was hidden, though the run did not change', async () => {
    const { feed, points, asked, events } = connected();
    points.push(point(1));
    feed.follow([run(1)]);
    await eventually(() => events.data.mock.calls.length === 1, settled);
    await feed.subscribe();
    feed.follow([run(1)]);
    await eventually(() => asked.length === 2, settled);
  });

  it('starts the curve anew when a run went back to a checkpoint', async () => {
    const { feed, points, asked, events } = connected();
    points.push(point(1), point(50));
    feed.follow([run(1, 50)]);
    await eventually(() => events.data.mock.calls.length === 1, settled);
    points.pop();
    feed.follow([run(2, 40)]);
    await eventually(() => events.data.mock.calls.length === 2, settled);
    expect(asked).toEqual([undefined, undefined]);
    expect(feed.metrics.get(id)?.byName.get('loss')?.steps).toEqual([1]);
  });

  it('forgets runs that are no longer looked at', async () => {
    const { feed, points, events } = connected();
    points.push(point(1));
    feed.follow([run(1)]);
    await eventually(() => events.data.mock.calls.length === 1, settled);
    feed.follow([]);
    expect(feed.metrics.size).toBe(0);
  });

  it('says what went wrong, and goes on with the next change', async () => {
    const { feed, points, events, fail } = connected();
    fail(new StudioError('database.unavailable', 'gone'));
    feed.follow([run(1)]);
    await eventually(() => events.failed.mock.calls.length === 1, settled);
    expect(events.failed.mock.calls[0]?.[0]).toMatchObject({ kind: 'database.unavailable' });
    fail();
    points.push(point(1));
    feed.follow([run(2)]);
    await eventually(() => events.data.mock.calls.length === 1, settled);
  });
});
