/**
 * What a command was asked to act on. Commands arrive from trees (a node), from pages and notifications (an id or
 * `{id}`), from code lenses (a file), or from the palette with nothing. Pure.
 */
import type { Target } from '../views/treeNode';

export function targetOf(argument: unknown): Target | undefined {
  if (typeof argument === 'string' && argument !== '') return { id: argument };
  if (typeof argument !== 'object' || argument === null) return undefined;
  if ('target' in argument) return targetOf(argument.target);
  if (!('id' in argument) || typeof argument.id !== 'string') return undefined;
  return {
    id: argument.id,
    ...('runId' in argument && typeof argument.runId === 'string' ? { runId: argument.runId } : {}),
    ...('repoId' in argument && typeof argument.repoId === 'string' ? { repoId: argument.repoId } : {}),
    ...('include' in argument && isTextList(argument.include) ? { include: argument.include } : {}),
  };
}

export function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** The path of a file that a command was given: a `Uri` from a menu, or a path from a lens. */
export function fileOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument === '' ? undefined : argument;
  if (typeof argument !== 'object' || argument === null) return undefined;
  return 'fsPath' in argument && typeof argument.fsPath === 'string' ? argument.fsPath : undefined;
}
