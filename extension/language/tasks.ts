import { readFileSync } from 'node:fs';
import type * as vscode from 'vscode';
import { trainingTasks } from '../../protocol/api/training';
import type { TrainingTaskInfo } from '../../protocol/model/plugin';
import { once } from '../coalesce';
import type { Services } from '../services';
import { language, type Bundle } from '../text/translate';
import type { Words } from './jsonSchema';

/** The tasks with their schemas, asked once for each start of the backend and each change of plugins. */
export function taskList(
  services: Pick<Services, 'client' | 'onTasksChanged'>,
): () => Promise<readonly TrainingTaskInfo[]> {
  const make = () => once(async () => (await services.client.call(trainingTasks, {})).tasks);
  let current = make();
  const forget = (): void => {
    current = make();
  };
  services.client.onRestored(forget);
  services.onTasksChanged(forget);
  return () => current();
}

/**
 * The descriptions of the shipped tasks' fields in the interface's language. They come from the backend, in English, so
 * they have a bundle of their own.
 */
export function fieldWords(context: vscode.ExtensionContext): Words {
  if (language() === 'en') return (english) => english;
  const file = context.asAbsolutePath(`l10n/config.${language()}.json`);
  const bundle = JSON.parse(readFileSync(file, 'utf8')) as Bundle;
  return (english) => {
    const known = bundle[english];
    // An isolate, as `t` makes them: what stands around it runs from left to right.
    return known === undefined ? english : `\u2068${known}\u2069`;
  };
}
