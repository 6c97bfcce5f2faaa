/** What the backend found in a config, at its places. Pure. */
import type { ConfigProblem } from '../../protocol/model/run';
import type { Span } from './pointer';

/** A problem at its place in the text. */
export interface Finding {
  readonly problem: ConfigProblem;
  readonly span: Span;
}

/** Whether two spans share a character, or the edge of one that is empty. */
export function touch(a: Span, b: Span): boolean {
  const [endA, endB] = [a.offset + a.length, b.offset + b.length];
  if (a.length === 0 || b.length === 0) return a.offset <= endB && b.offset <= endA;
  return a.offset < endB && b.offset < endA;
}
