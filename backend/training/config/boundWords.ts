/** Zod's words for a value out of its bounds, in the session's language; the English ones are zod's own. */
import type { z } from 'zod';
import { say } from '../../language/say';

/** Ends without a full stop: what the value is follows. */
export function boundWords(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small') return tooSmall(issue.origin, Number(issue.minimum), issue.inclusive);
  if (issue.code === 'too_big') return tooBig(issue.origin, Number(issue.maximum), issue.inclusive);
  return issue.message === 'Invalid input' ? say`Invalid input` : issue.message;
}

function tooSmall(origin: string, bound: number, inclusive = true): string {
  if (origin === 'string') return say`Too small: expected string to have >=${bound} characters`;
  if (origin === 'array') return say`Too small: expected array to have >=${bound} items`;
  return inclusive
    ? say`Too small: expected ${numberName(origin)} to be >=${bound}`
    : say`Too small: expected ${numberName(origin)} to be >${bound}`;
}

function tooBig(origin: string, bound: number, inclusive = true): string {
  if (origin === 'string') return say`Too big: expected string to have <=${bound} characters`;
  if (origin === 'array') return say`Too big: expected array to have <=${bound} items`;
  return inclusive
    ? say`Too big: expected ${numberName(origin)} to be <=${bound}`
    : say`Too big: expected ${numberName(origin)} to be <${bound}`;
}

function numberName(origin: string): string {
  return origin === 'int' ? say`int` : origin === 'number' ? say`number` : origin;
}
