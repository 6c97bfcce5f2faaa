/** A new training config in three questions: what to train, on which data, under which name. */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { datasetsInspect } from '../../protocol/api/datasets';
import { trainingTasks } from '../../protocol/api/training';
import type { TrainingTaskInfo } from '../../protocol/model/plugin';
import { trainingConfigSuffix } from '../contributions';
import { newConfig, openDataFields, orderLabelColumns } from '../language/newConfig';
import { workspaceFolder } from '../launch';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { t } from '../text/translate';
import { taskIcon } from '../views/looks/task';
import { pickPath, requireFolder } from './pick';
import { targetOf } from './target';

export async function newTrainingConfig(services: Services, argument: unknown): Promise<void> {
  const folder = requireFolder(workspaceFolder());
  const task = await pickTask(services);
  if (task === undefined) return;
  const data = await pickData(services, argument, folder);
  if (data === undefined) return;
  const fields = await askFields(services, task, data);
  if (fields === undefined) return;
  const file = await askName(folder, path.parse(data).name);
  if (file === undefined) return;
  const config = newConfig({
    task,
    name: path.basename(file, trainingConfigSuffix),
    dataPath: path.relative(path.dirname(file), data).split(path.sep).join('/') || '.',
    data: fields,
  });
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(config, undefined, 2)}\n`, { flag: 'wx' });
  await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: false });
}

async function pickTask(services: Services): Promise<TrainingTaskInfo | undefined> {
  const { tasks } = await services.client.call(trainingTasks, {});
  const picked = await vscode.window.showQuickPick(
    tasks.map((task) => ({
      label: `$(${taskIcon(task.id)}) ${task.title}`,
      description: task.id,
      detail: task.description,
      task,
    })),
    { title: t('New Training Config: what to train'), ignoreFocusOut: true, matchOnDescription: true },
  );
  return picked?.task;
}

/** A listed data set or a path. Training reads only what lies in the workspace. */
async function pickData(services: Services, argument: unknown, folder: string): Promise<string | undefined> {
  const { datasets } = services.topics;
  await datasets.ready();
  const target = targetOf(argument);
  const given = target === undefined ? undefined : datasets.mirror.get(target.id)?.path;
  if (given !== undefined) return given;
  const other = { label: `$(folder-opened) ${t('Another File or Folder…')}`, path: '' };
  const listed = datasets.mirror
    .list()
    .filter((dataset) => isInside(dataset.path, folder))
    .map((dataset) => ({
      label: `$(database) ${isolate(dataset.name)}`,
      description: path.relative(folder, dataset.path),
      path: dataset.path,
    }));
  const title = t('New Training Config: which data');
  const picked =
    listed.length === 0
      ? other
      : await vscode.window.showQuickPick([...listed, other], { title, ignoreFocusOut: true });
  if (picked === undefined) return undefined;
  return picked.path === '' ? pickPath(undefined, { title }) : picked.path;
}

/** What the task requires of its data and has no default for; columns are offered from the data itself. */
async function askFields(
  services: Services,
  task: TrainingTaskInfo,
  data: string,
): Promise<Record<string, unknown> | undefined> {
  const answers: Record<string, unknown> = {};
  for (const name of openDataFields(task)) {
    const answer = await askField(name, await columnsOf(services, data));
    if (answer === undefined) return undefined;
    answers[name] = answer;
  }
  return answers;
}

async function columnsOf(services: Services, data: string): Promise<readonly string[]> {
  const { stats } = await services.client.call(datasetsInspect, { path: data });
  const columns = stats['columns'];
  if (!Array.isArray(columns)) return [];
  return columns.flatMap((column: unknown) => {
    if (typeof column === 'string') return [column];
    const name = typeof column === 'object' && column !== null && 'name' in column ? column.name : undefined;
    return typeof name === 'string' ? [name] : [];
  });
}

function askField(name: string, columns: readonly string[]): Thenable<string | undefined> {
  const title = t('New Training Config: {0}', name);
  if (columns.length === 0) return vscode.window.showInputBox({ title, ignoreFocusOut: true });
  return vscode.window.showQuickPick([...orderLabelColumns(columns)], {
    title,
    placeHolder: t('A column of the data'),
    ignoreFocusOut: true,
  });
}

async function askName(folder: string, suggestion: string): Promise<string | undefined> {
  const toFile = (name: string): string =>
    path.join(folder, name.trim().replace(/\.train\.json$/, '') + trainingConfigSuffix);
  const name = await vscode.window.showInputBox({
    title: t('New Training Config: its name'),
    prompt: t('The file is made in the workspace as <name>.train.json'),
    value: suggestion,
    ignoreFocusOut: true,
    validateInput: async (value) => {
      if (value.trim() === '') return t('Give it a name.');
      if (/[<>:"|?*\\\0]/.test(value) || !isInside(toFile(value), folder))
        return t('The name must be a file name inside the workspace.');
      return (await exists(toFile(value))) ? t('That file exists already.') : undefined;
    },
  });
  return name === undefined ? undefined : toFile(name);
}

function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
