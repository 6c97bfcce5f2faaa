import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import type { ConfigFix } from '../../protocol/model/configFix';
import { changeOf } from './edits';
import { touch } from './findings';

const text = `{
  // What it learns.
  "task": "tables",
  "data": { "path": "a.csv", "features": ["x", "yy"], },
  "training": { "epoch": 3 }, // few
  "epochs": 4,
}
`;
const layout = { tabSize: 2, insertSpaces: true, eol: '\n' };

function mend(fix: ConfigFix, before = text): string {
  const change = changeOf(before, fix, layout);
  if (change === undefined) return before;
  return before.slice(0, change.offset) + change.text + before.slice(change.offset + change.length);
}
const value = (after: string): unknown => parse(after, [], { allowTrailingComma: true });

describe('changeOf', () => {
  it('renames a key and nothing else', () => {
    const after = mend({ kind: 'move', path: '/training/epoch', to: '/training/epochs' });
    expect(after).toBe(text.replace('"epoch":', '"epochs":'));
  });

  it('sets a value in its place, in a list too', () => {
    expect(mend({ kind: 'set', path: '/data/path', value: 'b.csv' })).toBe(text.replace('a.csv', 'b.csv'));
    expect(mend({ kind: 'set', path: '/data/features/1', value: 'y' })).toBe(text.replace('yy', 'y'));
  });

  it('inserts what is missing and keeps the comments', () => {
    const after = mend({ kind: 'set', path: '/model', value: { units: 3 } });
    expect(value(after)).toMatchObject({ model: { units: 3 }, task: 'tables', epochs: 4 });
    expect(after).toContain('// What it learns.');
    expect(after).toContain('// few');
  });

  it('moves a field to its section and takes out another', () => {
    const moved = mend({ kind: 'move', path: '/epochs', to: '/training/epochs' });
    expect(value(moved)).toEqual({
      task: 'tables',
      data: { path: 'a.csv', features: ['x', 'yy'] },
      training: { epoch: 3, epochs: 4 },
    });
    expect(value(mend({ kind: 'remove', path: '/training/epoch' }))).toMatchObject({ training: {} });
    expect(value(mend({ kind: 'remove', path: '/task' }))).not.toHaveProperty('task');
  });

  it('takes hostile names as names', () => {
    const odd = '{ "a/~\\"\\u202e": 1, "b": [] }';
    expect(value(mend({ kind: 'remove', path: '/a~1~0"\u202e' }, odd))).toEqual({ b: [] });
    expect(value(mend({ kind: 'set', path: '/__proto__', value: 1 }, '{}'))).not.toEqual({ polluted: 1 });
  });

  it('changes nothing where there is nothing to change', () => {
    expect(changeOf(text, { kind: 'remove', path: '/nowhere' }, layout)).toBeUndefined();
    expect(changeOf(text, { kind: 'set', path: '/task', value: 'tables' }, layout)).toBeUndefined();
    expect(changeOf('[1]', { kind: 'set', path: '/task', value: 'x' }, layout)).toBeUndefined();
    expect(changeOf('', { kind: 'move', path: '/a', to: '/b' }, layout)).toBeUndefined();
  });
});

describe('touch', () => {
  const span = { offset: 10, length: 5 };

  it('counts the edges of an empty span', () => {
    expect(touch({ offset: 15, length: 0 }, span)).toBe(true);
    expect(touch({ offset: 16, length: 0 }, span)).toBe(false);
  });
});
