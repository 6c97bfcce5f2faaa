import { expect, it } from 'vitest';
import { inMessages, lineEdits, placeAfter, selected } from './ranges';

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

it('moves the ends of a selection with what is replaced in it', () => {
  const edits = [
    { line: 1, from: 2, to: 4, text: 'longer' },
    { line: 1, from: 6, to: 9, text: '' },
  ];
  const after = (line: number, character: number) => placeAfter({ line, character }, edits).character;
  expect([after(1, 2), after(1, 4), after(1, 5), after(1, 9), after(1, 12)]).toEqual([2, 8, 9, 10, 13]);
  expect([after(1, 3), after(0, 9), after(2, 9)]).toEqual([8, 9, 9]);
});

it('cuts a long text between lines, and a long line where it must', () => {
  expect(inMessages('ab\ncd\nef', 4)).toEqual(['ab\n', 'cd\n', 'ef']);
  expect(inMessages('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
  expect(inMessages('', 4)).toEqual(['']);
  expect(inMessages('ab\ncd\nef', 100)).toEqual(['ab\ncd\nef']);
});
