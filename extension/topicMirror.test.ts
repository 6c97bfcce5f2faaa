import { expect, it } from 'vitest';
import { TopicMirror, type Change } from './topicMirror';

interface Thing {
  id: string;
  seq: number;
  value: string;
}

function setup() {
  const mirror = new TopicMirror<Thing>();
  const changes: Change<Thing>[] = [];
  mirror.onChange((change) => changes.push(change));
  return { mirror, changes };
}

it('drops what is not newer', () => {
  const { mirror, changes } = setup();
  mirror.reset([{ id: 'a', seq: 5, value: 'five' }]);
  mirror.apply({ id: 'a', seq: 4, value: 'four' });
  mirror.apply({ id: 'a', seq: 5, value: 'again' });
  expect(mirror.get('a')?.value).toBe('five');
  mirror.apply({ id: 'a', seq: 6, value: 'six' });
  expect(mirror.get('a')?.value).toBe('six');
  expect(changes.map((change) => change.kind)).toEqual(['reset', 'changed']);
});

it('tells additions, changes and removals apart', () => {
  const { mirror, changes } = setup();
  mirror.apply({ id: 'a', seq: 1, value: 'one' });
  mirror.apply({ id: 'a', seq: 2, value: 'two' });
  mirror.remove('a');
  mirror.remove('a');
  expect(changes).toEqual([
    { kind: 'added', item: { id: 'a', seq: 1, value: 'one' } },
    {
      kind: 'changed',
      item: { id: 'a', seq: 2, value: 'two' },
      previous: { id: 'a', seq: 1, value: 'one' },
    },
    { kind: 'removed', item: { id: 'a', seq: 2, value: 'two' } },
  ]);
  expect(mirror.list()).toEqual([]);
});

it('believes a new snapshot, also one with smaller numbers from another database', () => {
  const { mirror } = setup();
  mirror.reset([{ id: 'a', seq: 100, value: 'old database' }]);
  mirror.reset([{ id: 'a', seq: 2, value: 'new database' }]);
  mirror.apply({ id: 'a', seq: 3, value: 'change' });
  expect(mirror.get('a')?.value).toBe('change');
});
