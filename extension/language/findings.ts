/** What the backend found in a config, next to what VS Code's JSON support shows by itself. Pure. */
import type { ConfigProblem } from '../../protocol/model/run';
import type { Span } from './pointer';

/** A problem at its place in the text. */
export interface Finding {
  readonly problem: ConfigProblem;
  readonly span: Span;
}

/** Both speak of the task's schema: one of them is enough. */
export function isSchemaProblem({ code }: ConfigProblem): boolean {
  return code?.startsWith('schema.') ?? false;
}

/** The findings that the editor does not show already at the same place. */
export function unsaid(findings: readonly Finding[], said: readonly Span[]): readonly Finding[] {
  return findings.filter(
    ({ problem, span }) => !isSchemaProblem(problem) || !said.some((other) => touch(span, other)),
  );
}

/** Whether two spans share a character, or the edge of one that is empty. */
export function touch(a: Span, b: Span): boolean {
  const [endA, endB] = [a.offset + a.length, b.offset + b.length];
  if (a.length === 0 || b.length === 0) return a.offset <= endB && b.offset <= endA;
  return a.offset < endB && b.offset < endA;
}
