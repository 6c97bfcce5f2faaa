import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TypedEmitter, type EntityEvents } from '../events';
import { Topics, type TopicSources } from './topics';

interface Item {
  id: string;
  seq: number;
}
class Source extends TypedEmitter<EntityEvents<Item>> {
  items: Item[] = [];
  change(item: Item): void {
    this.emit('changed', item);
  }
  remove(id: string): void {
    this.emit('removed', id);
  }
}

let sent: [unknown, unknown][];
let downloads: Source;
let files: Source;
let topics: Topics;
beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  downloads = new Source();
  files = new Source();
  const quiet = new Source();
  const source = (events: Source): TopicSources['runs'] => ({
    events,
    list: () => Promise.resolve(events.items),
  });
  topics = new Topics(
    {
      downloads: source(downloads),
      models: source(quiet),
      runs: source(quiet),
      datasets: source(quiet),
      downloadFiles: { ...source(files), groupOf: ({ id }) => id.slice(0, 1) },
    },
    (token, value) => sent.push([token, value]),
  );
});
afterEach(() => {
  topics.close();
  vi.useRealTimers();
});

describe('Topics', () => {
  it('speaks of the parts of one object to those who asked for them', async () => {
    files.items = [
      { id: 'a/1', seq: 1 },
      { id: 'b/1', seq: 1 },
    ];
    expect(await topics.subscribe('downloadFiles', 'a', 't')).toEqual([{ id: 'a/1', seq: 1 }]);
    await vi.advanceTimersByTimeAsync(1);
    files.change({ id: 'b/1', seq: 2 });
    files.change({ id: 'a/1', seq: 3 });
    await vi.advanceTimersByTimeAsync(200);
    expect(sent).toEqual([['t', { id: 'a/1', seq: 3 }]]);
  });

  it('answers the snapshot first and sends what happened meanwhile afterwards', async () => {
    downloads.items = [{ id: 'a', seq: 1 }];
    const snapshot = topics.subscribe('downloads', undefined, 't');
    downloads.change({ id: 'a', seq: 2 });
    expect(await snapshot).toEqual([{ id: 'a', seq: 1 }]);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toEqual([['t', { id: 'a', seq: 2 }]]);
  });

  it('sends at most ten a second for each object, and always the last state', async () => {
    await topics.subscribe('downloads', undefined, 't');
    await vi.advanceTimersByTimeAsync(1);
    for (let seq = 1; seq <= 100; seq++) {
      downloads.change({ id: 'a', seq });
      if (seq % 2 === 0) downloads.change({ id: 'b', seq });
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(1000);
    const ofA = sent.map(([, value]) => value as Item).filter((item) => item.id === 'a');
    expect(ofA.length).toBeGreaterThanOrEqual(9);
    expect(ofA.length).toBeLessThanOrEqual(11);
    expect(ofA.at(-1)).toEqual({ id: 'a', seq: 100 });
    expect(sent.map(([, value]) => value as Item).findLast((item) => item.id === 'b')).toEqual({
      id: 'b',
      seq: 100,
    });
  });

  it('says what was removed, follows one id, and stops when told', async () => {
    await topics.subscribe('downloads', 'a', 'one');
    await vi.advanceTimersByTimeAsync(1);
    downloads.change({ id: 'b', seq: 1 });
    downloads.remove('a');
    expect(sent).toEqual([['one', { id: 'a', removed: true }]]);
    topics.unsubscribeKnown('one');
    downloads.change({ id: 'a', seq: 3 });
    await vi.advanceTimersByTimeAsync(500);
    expect(sent).toHaveLength(1);
    expect(() => topics.unsubscribeKnown('one')).toThrow(/no subscription/);
  });
});
