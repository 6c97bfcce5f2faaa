/** What of a document a command is for, and the edits that make its lines others. Pure, so that tests need no editor. */

export interface Place {
  readonly line: number;
  readonly character: number;
}
export interface TextRange {
  readonly start: Place;
  readonly end: Place;
}
export interface LineEdit {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * Edits of the lines that differ, so that cursors, folds and breakpoints elsewhere stay. `before` and `after` have the
 * same number of lines: nothing that a text command does moves a line.
 */
export function lineEdits(start: Place, before: string, after: string): LineEdit[] {
  const old = before.split('\n');
  const lines = after.split('\n');
  return lines.flatMap((text, i) => {
    const was = (old[i] ?? '').replace(/\r$/, '');
    const now = text.replace(/\r$/, '');
    const from = i === 0 ? start.character : 0;
    return was === now ? [] : [{ line: start.line + i, from, to: from + was.length, text: now }];
  });
}

/** Non-empty selections from the first to the last; none when nothing is selected. */
export function selected<R extends TextRange>(selections: readonly R[]): R[] {
  return selections
    .filter(({ start, end }) => start.line !== end.line || start.character !== end.character)
    .sort((a, b) => a.start.line - b.start.line || a.start.character - b.start.character);
}

/** Where a place lies once the edits are made, which are in order; one inside of an edit comes to lie behind it. */
export function placeAfter({ line, character }: Place, edits: readonly LineEdit[]): Place {
  let moved = character;
  for (const edit of edits) {
    if (edit.line !== line || edit.from >= character) continue;
    moved += edit.text.length - (Math.min(edit.to, character) - edit.from);
  }
  return { line, character: moved };
}

/** Pieces of whole lines that a message may carry. */
export function inMessages(text: string, most: number): string[] {
  const pieces: string[] = [];
  let from = 0;
  while (text.length - from > most) {
    const end = text.lastIndexOf('\n', from + most - 1) + 1;
    const to = end > from ? end : from + most;
    pieces.push(text.slice(from, to));
    from = to;
  }
  return [...pieces, text.slice(from)];
}
