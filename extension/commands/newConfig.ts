/** A new training config from data: looked at, its task guessed, its figures set to fit, written and opened. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { trainingTasks } from '../../protocol/api/training';
import type { TrainingTaskInfo } from '../../protocol/model/plugin';
import { trainingConfigSuffix } from '../contributions';
import { configStem } from '../language/runConfig';
import { guessTask, orderLabelColumns, type Guess } from '../language/guessTask';
import { openDataFields } from '../language/newConfig';
import { newConfigText } from '../language/newConfigText';
import { workspaceFolder } from '../launch';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { t } from '../text/translate';
import { taskIcon } from '../views/looks/task';
import { freeConfigName, freeOutputFolder, isInside, isTaken } from './freeNames';
import { inspectData, type InspectedData } from './newConfigData';
import { pickPath, requireFolder } from './pick';
import { fileOf, targetOf } from './target';

/** `argument`: a data set of the view, or a file or folder of the explorer. */
export async function newTrainingConfig(services: Services, argument: unknown): Promise<void> {
  const folder = requireFolder(workspaceFolder());
  const picked = await pickData(services, argument, folder);
  if (picked === undefined) return;
  const data = await inspectData(services, picked);
  const guess = data.facts === undefined ? undefined : guessTask(data.facts);
  const task = await pickTask(services, guess);
  if (task === undefined) return;
  const known = guess?.task === task.id ? guess.data : {};
  const fields = await askFields(task, data, known);
  if (fields === undefined) return;
  const file = await askName(folder, await freeConfigName(folder, path.parse(data.path).name));
  if (file === undefined) return;
  const stem = path.basename(configStem(file));
  await services.topics.runs.ready();
  const text = newConfigText({
    task,
    name: stem,
    dataPath: relativeTo(file, data.path),
    data: fields,
    facts: data.facts,
    output: relativeTo(file, await freeOutputFolder(folder, stem, services.topics.runs.mirror.list())),
  });
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text, { flag: 'wx' });
  await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: false });
}

/** With `/`, as configs have it on every system. */
function relativeTo(file: string, target: string): string {
  return path.relative(path.dirname(file), target).split(path.sep).join('/') || '.';
}

/** All tasks, the guessed one first. */
async function pickTask(services: Services, guess: Guess | undefined): Promise<TrainingTaskInfo | undefined> {
  const { tasks } = await services.client.call(trainingTasks, {});
  const items = tasks
    .toSorted((a, b) => Number(b.id === guess?.task) - Number(a.id === guess?.task))
    .map((task) => ({
      label: `$(${taskIcon(task.id)}) ${task.title}`,
      description: task.id === guess?.task ? t('{0} · fits this data', task.id) : task.id,
      detail: task.description,
      task,
    }));
  const title = t('New Training Config: what to train');
  const picked = await vscode.window.showQuickPick(items, {
    title,
    ignoreFocusOut: true,
    matchOnDescription: true,
  });
  return picked?.task;
}

/** A listed data set or a path. Training reads only what lies in the workspace. */
async function pickData(services: Services, argument: unknown, folder: string): Promise<string | undefined> {
  const file = fileOf(argument);
  const { datasets } = services.topics;
  await datasets.ready();
  const target = targetOf(argument);
  const given = target === undefined ? undefined : datasets.mirror.get(target.id)?.path;
  if (given !== undefined || file !== undefined) return given ?? file;
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

/** What the task requires of its data, has no default for and could not be guessed. */
async function askFields(
  task: TrainingTaskInfo,
  { facts }: InspectedData,
  known: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown> | undefined> {
  const answers: Record<string, unknown> = { ...known };
  const columns = (facts?.columns ?? []).map(({ name }) => name);
  for (const name of openDataFields(task).filter((one) => !(one in known))) {
    const answer = await askField(name, columns);
    if (answer === undefined) return undefined;
    answers[name] = answer;
  }
  return answers;
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
  const toFile = (name: string): string => path.join(folder, configStem(name.trim()) + trainingConfigSuffix);
  const name = await vscode.window.showInputBox({
    title: t('New Training Config: its name'),
    prompt: t('The file is made in the workspace as <name>.train.json'),
    value: suggestion,
    ignoreFocusOut: true,
    validateInput: async (value) => {
      if (value.trim() === '') return t('Give it a name.');
      if (/[<>:"|?*\\\0]/.test(value) || !isInside(toFile(value), folder))
        return t('The name must be a file name inside the workspace.');
      return (await isTaken(toFile(value))) ? t('That file exists already.') : undefined;
    },
  });
  return name === undefined ? undefined : toFile(name);
}
