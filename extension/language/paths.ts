/** Where a config names a file or folder: VS Code's JSON support does not know what is on disk. Pure. */
import { getLocation, parseTree } from 'jsonc-parser';
import type { TrainingTaskInfo } from '../../protocol/model/plugin';
import { taskOf } from './configText';
import { pointerParts, type Span } from './pointer';
import { rootSchemas, schemasAt } from './schema';

export interface PathPlace {
  /** What stands before the cursor, without quotes. */
  readonly typed: string;
  /** The whole value, with its quotes. */
  readonly replace: Span;
}

/** The path that the cursor is in, where the task's schema says that there is one. */
export function pathAt(
  text: string,
  offset: number,
  tasks: readonly TrainingTaskInfo[],
): PathPlace | undefined {
  const { path, isAtPropertyKey, previousNode } = getLocation(text, offset);
  if (isAtPropertyKey || !isPath(text, path, tasks)) return undefined;
  const node = previousNode;
  const inside =
    node?.type === 'string' && offset > node.offset && offset <= node.offset + node.length ? node : undefined;
  const replace =
    inside === undefined ? { offset, length: 0 } : { offset: inside.offset, length: inside.length };
  return { typed: text.slice(replace.offset, offset).replace(/^"/, ''), replace };
}

/** Whether the value at a JSON pointer is a path. */
export function isPathField(text: string, pointer: string, tasks: readonly TrainingTaskInfo[]): boolean {
  return isPath(text, pointerParts(pointer), tasks);
}

function isPath(
  text: string,
  path: readonly (string | number)[],
  tasks: readonly TrainingTaskInfo[],
): boolean {
  const task = taskOf(parseTree(text, [], { allowTrailingComma: true }));
  return schemasAt(rootSchemas(tasks, task), path).some((schema) => schema.format === 'path');
}
