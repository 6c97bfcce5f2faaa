import { setImmediate } from 'node:timers/promises';

const pieceLength = 16_000;

/** Pieces of whole lines, so that a long text leaves the thread to others between them. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  while (from < text.length) {
    const end = text.length - from <= pieceLength ? -1 : text.indexOf('\n', from + pieceLength);
    const to = end < 0 ? text.length : end + 1;
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces;
}

/** No rule of a text looks across its lines. Throws the signal's reason. */
export async function inPieces(
  text: string,
  layout: 'tidy' | 'keep' | undefined,
  apply: (piece: string) => string,
  signal: AbortSignal,
): Promise<string> {
  const answers: string[] = [];
  for (const piece of piecesOf(text)) {
    if (answers.length > 0) await setImmediate();
    signal.throwIfAborted();
    answers.push(apply(piece));
  }
  return layout === 'keep' ? answers.join('') : answers.filter((answer) => answer !== '').join('\n');
}
