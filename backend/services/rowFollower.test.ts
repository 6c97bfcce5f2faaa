import { expect, it } from 'vitest';
import { TypedEmitter, type EntityEvents } from '../events';
import { RowFollower } from './rowFollower';

interface Item {
  readonly id: string;
  readonly seq: number;
}
class Told extends TypedEmitter<EntityEvents<Item>> {
  readonly said: string[] = [];
  change(item: Item): void {
    this.said.push(`${item.id}${item.seq}`);
    this.emit('changed', item);
  }
  remove(id: string): void {
    this.said.push(`-${id}`);
    this.emit('removed', id);
  }
}

/** A table, and what happens between the reading of its heads and of its rows. */
function follow(table: Map<string, number>, meanwhile: () => void = () => undefined) {
  const told = new Told();
  const follower = new RowFollower<Item>({
    events: told,
    heads: () => Promise.resolve(new Map(table)),
    rows: (ids) => {
      const rows = ids.flatMap((id) => (table.has(id) ? { id, seq: table.get(id) as number } : []));
      meanwhile();
      return Promise.resolve(rows);
    },
    tell: (item) => told.change(item),
    tellRemoved: (id) => told.remove(id),
  });
  return { told, follower };
}

it('tells what others changed, added and removed, each once, and nothing of what was there before', async () => {
  const table = new Map([
    ['a', 1],
    ['b', 2],
  ]);
  const { told, follower } = follow(table);
  await follower.begin();
  await follower.look();
  expect(told.said).toEqual([]);
  table.set('a', 3).set('c', 4).delete('b');
  await follower.look();
  await follower.look();
  expect(told.said).toEqual(['a3', 'c4', '-b']);
});

it('does not repeat what this backend told itself', async () => {
  const table = new Map([['a', 1]]);
  const { told, follower } = follow(table);
  await follower.begin();
  table.set('a', 2);
  told.change({ id: 'a', seq: 2 });
  table.delete('a');
  told.remove('a');
  await follower.look();
  expect(told.said).toEqual(['a2', '-a']);
});

it('never tells an older state after a newer one, nor of what is gone', async () => {
  const table = new Map([
    ['a', 1],
    ['b', 1],
  ]);
  const { told, follower } = follow(table, () => {
    told.change({ id: 'a', seq: 9 });
    told.remove('b');
  });
  await follower.look();
  expect(told.said).toEqual(['a9', '-b']);
});
