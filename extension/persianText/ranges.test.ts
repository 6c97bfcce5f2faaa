import { expect, it } from 'vitest';
import { inMessages, lineEdits, selected } from './ranges';

it('edits only the lines that differ, the first of them from where the selection begins', () => {
  expect(lineEdits({ line: 3, character: 4 }, 'a\r\nb\r\nc', 'A\r\nb\r\nC')).toEqual([
    { line: 3, from: 4, to: 5, text: 'A' },
    { line: 5, from: 0, to: 1, text: 'C' },
  ]);
  expect(lineEdits({ line: 0, character: 0 }, 'a\nb', 'a\nb')).toEqual([]);
});

it('takes selections in their order, and no bare cursors', () => {
  const at = (line: number, from: number, to: number) => ({
    start: { line, character: from },
    end: { line, character: to },
  });
  expect(selected([at(2, 0, 3), at(1, 1, 1), at(0, 4, 5)])).toEqual([at(0, 4, 5), at(2, 0, 3)]);
});

it('cuts a long text between lines, and a long line where it must', () => {
  expect(inMessages('ab\ncd\nef', 4)).toEqual(['ab\n', 'cd\n', 'ef']);
  expect(inMessages('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
  expect(inMessages('', 4)).toEqual(['']);
  expect(inMessages('ab\ncd\nef', 100)).toEqual(['ab\ncd\nef']);
});
