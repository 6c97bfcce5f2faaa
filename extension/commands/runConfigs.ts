/** What is done with a run besides running it: its config copied and compared, its place in the queue, its words. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { trainingPrioritize } from '../../protocol/api/training';
import type { Run, RunState } from '../../protocol/model/run';
import { schemes, trainingConfigSuffix } from '../contributions';
import { configStem, configText, copyOfConfig, freeName } from '../language/runConfig';
import { workspaceFolder } from '../launch';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { t } from '../text/translate';
import { runLook } from '../views/looks/run';
import { pickEntity, requireFolder } from './pick';

interface Wanted {
  readonly title: string;
  readonly states?: readonly RunState[];
  readonly except?: Run;
}

function pick(
  services: Services,
  argument: unknown,
  { title, states, except }: Wanted,
): Promise<Run | undefined> {
  return pickEntity(services.topics.runs, {
    argument,
    title,
    filter: (run) => (states?.includes(run.state) ?? true) && run.id !== except?.id,
    choice: (run) => runLook(run, Date.now()),
    none: t('There is no run for that now.'),
  });
}

const highest = 1000;

/** Before everything that waits. */
export async function prioritizeRun(services: Services, argument: unknown): Promise<void> {
  const run = await pick(services, argument, { title: t('Run Next'), states: ['queued'] });
  if (run === undefined) return;
  const waiting = services.topics.runs.mirror
    .list()
    .filter((one) => one.state === 'queued' && one.id !== run.id);
  const top = Math.max(...waiting.map((one) => one.priority ?? 0), run.priority ?? 0);
  await services.client.call(trainingPrioritize, { id: run.id, priority: Math.min(highest, top + 1) });
}

/** A new file beside the run's, with a free name and output, opened. */
export async function duplicateConfig(services: Services, argument: unknown): Promise<void> {
  const run = await pick(services, argument, { title: t('Duplicate Config') });
  if (run === undefined) return;
  const original =
    run.configPath ??
    path.join(requireFolder(workspaceFolder()), `${fileName(run.name)}${trainingConfigSuffix}`);
  const folder = path.dirname(original);
  const stem = path.basename(configStem(original));
  const name = freeName(stem, (one) => existsSync(path.join(folder, `${one}${trainingConfigSuffix}`)));
  const runs = services.topics.runs.mirror.list();
  const copy = copyOfConfig({
    config: run.config,
    text: await readFile(original, 'utf8').catch(() => undefined),
    name: run.name,
    isNameTaken: (one) => runs.some((each) => each.name === one),
    isOutputTaken: (output) => {
      const absolute = path.resolve(folder, output);
      return existsSync(absolute) || runs.some((each) => each.outputPath === absolute);
    },
  });
  const file = path.join(folder, `${name}${trainingConfigSuffix}`);
  await writeFile(file, copy, { flag: 'wx' });
  await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: false });
}

let provided = false;

/** Two runs' configs side by side, as they were run. */
export async function compareConfigs(services: Services, argument: unknown): Promise<void> {
  const one = await pick(services, argument, { title: t('Compare Config with Another Run: the first run') });
  if (one === undefined) return;
  const title = t('Compare Config with Another Run: {0} and…', isolate(one.name));
  const other = await pick(services, undefined, { title, except: one });
  if (other === undefined) return;
  if (!provided) {
    provided = true;
    const provideTextDocumentContent = (uri: vscode.Uri): string => {
      const run = services.topics.runs.mirror.get(uri.query);
      return run === undefined ? '' : configText(run.config);
    };
    services.context.subscriptions.push(
      vscode.workspace.registerTextDocumentContentProvider(schemes.run, { provideTextDocumentContent }),
    );
  }
  const name = `${isolate(one.name)} ↔ ${isolate(other.name)}`;
  await vscode.commands.executeCommand('vscode.diff', uriOf(one), uriOf(other), name);
}

function uriOf(run: Run): vscode.Uri {
  return vscode.Uri.from({ scheme: schemes.run, path: `/${fileName(run.name)}.json`, query: run.id });
}

function fileName(name: string): string {
  return name.replace(/[\\/:*?"<>|]/g, '-');
}

export async function copyRunError(services: Services, argument: unknown): Promise<void> {
  const run = await pick(services, argument, {
    title: t('Copy Error of Run'),
    states: ['failed', 'interrupted'],
  });
  if (run === undefined) return;
  if (run.error === undefined) {
    void vscode.window.showInformationMessage(t('{0} ended without an error.', isolate(run.name)));
    return;
  }
  await vscode.env.clipboard.writeText(`${run.error.kind}: ${run.error.message}`);
  vscode.window.setStatusBarMessage(t('The error is copied.'), 3000);
}

/** The model card of what the run made. */
export async function openRunOutput(services: Services, argument: unknown): Promise<void> {
  const run = await pick(services, argument, { title: t('Open Model Card'), states: ['completed'] });
  if (run?.outputPath === undefined) return;
  const card = vscode.Uri.file(path.join(run.outputPath, 'README.md'));
  await vscode.commands.executeCommand('markdown.showPreview', card);
}
