/** What a word of a training config means. Pure. */
import { getLocation, parseTree } from 'jsonc-parser';
import type { TrainingTaskInfo } from '../../protocol/model/plugin';
import { taskOf } from './configText';
import { describeField, describeTask } from './describe';
import type { Span } from './pointer';
import { rootSchemas, schemasAt } from './schema';

export interface HoverText {
  /** Markdown. */
  readonly markdown: string;
  readonly span: Span;
}

export function hoverAt(
  text: string,
  offset: number,
  tasks: readonly TrainingTaskInfo[],
): HoverText | undefined {
  const { path, previousNode } = getLocation(text, offset);
  if (previousNode === undefined || offset > previousNode.offset + previousNode.length) return undefined;
  const name = path.at(-1);
  if (typeof name !== 'string' || name === '') return undefined;
  const span = { offset: previousNode.offset, length: previousNode.length };
  const task = taskOf(parseTree(text, [], { allowTrailingComma: true }));
  const chosen = path.length === 1 && name === 'task' ? tasks.find((each) => each.id === task) : undefined;
  if (chosen !== undefined) return { markdown: describeTask(chosen), span };
  const schemas = schemasAt(rootSchemas(tasks, task), path);
  return schemas.length === 0 ? undefined : { markdown: describeField(name, schemas), span };
}
