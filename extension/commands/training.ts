import * as vscode from 'vscode';
import {
  trainingRemove,
  trainingResume,
  trainingStart,
  trainingStop,
  trainingValidate,
} from '../../protocol/api/training';
import type { Run, RunState } from '../../protocol/model/run';
import { isStudioError } from '../../protocol/wire/errors';
import { commands, trainingConfigPattern, trainingConfigSuffix } from '../contributions';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { formatNumber } from '../text/format';
import { t } from '../text/translate';
import { runLook } from '../views/looks/run';
import { confirm, pickEntity, reveal } from './pick';
import { fileOf } from './target';

/** Starts a run of a config file: the given one, the one in front, or one that the person picks. */
export async function train(services: Services, argument: unknown): Promise<void> {
  if (!(await trusted())) return;
  const configPath = await configFile(argument, t('Train'));
  if (configPath === undefined) return;
  await save(configPath);
  const run = await start(services, configPath);
  await vscode.commands.executeCommand(commands.openDashboard, run.id);
}

/** Refused because of what the file says: the file is shown, where the findings are underlined. */
async function start(services: Services, configPath: string): Promise<Run> {
  try {
    return await services.client.call(trainingStart, { configPath });
  } catch (error) {
    if (isStudioError(error, 'training.invalidConfig') || isStudioError(error, 'training.invalidData'))
      await vscode.window.showTextDocument(vscode.Uri.file(configPath), { preview: false });
    throw error;
  }
}

/** Validates the file as `train` would, and says what was found; the editor shows where. */
export async function checkConfig(services: Services, argument: unknown): Promise<void> {
  const configPath = await configFile(argument, t('Check Training Config'));
  if (configPath === undefined) return;
  await save(configPath);
  const { problems } = await services.client.call(trainingValidate, { configPath });
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const name = isolate(vscode.workspace.asRelativePath(configPath));
  if (problems.length === 0) {
    void vscode.window.showInformationMessage(t('{0} is ready to train.', name));
    return;
  }
  const show = t('Show Problems');
  const message =
    errors === 0
      ? t('{0} can be trained; findings: {1}.', name, formatNumber(problems.length))
      : t('{0} has errors: {1}.', name, formatNumber(errors));
  const say = errors === 0 ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  if ((await say(message, show)) !== show) return;
  await vscode.window.showTextDocument(vscode.Uri.file(configPath), { preview: false });
  await vscode.commands.executeCommand('workbench.actions.view.problems');
}

/** Training writes into the workspace and may load plugins from it: not in Restricted Mode. */
export async function trusted(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = t('Manage Workspace Trust');
  const chosen = await vscode.window.showWarningMessage(
    t(
      'Training is off in Restricted Mode: a config and its plugins come with the workspace. Trust it first.',
    ),
    manage,
  );
  if (chosen === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}

export async function configFile(argument: unknown, title: string): Promise<string | undefined> {
  const given = fileOf(argument);
  if (given !== undefined) return given;
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active?.fsPath.endsWith(trainingConfigSuffix) === true) return active.fsPath;
  const files = await vscode.workspace.findFiles(trainingConfigPattern, '**/{node_modules,.goya}/**', 200);
  if (files.length === 0) {
    const create = t('New Training Config…');
    const chosen = await vscode.window.showInformationMessage(
      t('There is no training config (*.train.json) in this workspace yet.'),
      create,
    );
    if (chosen === create) await vscode.commands.executeCommand(commands.newTrainingConfig);
    return undefined;
  }
  const items = files
    .map((uri) => ({ label: vscode.workspace.asRelativePath(uri), path: uri.fsPath }))
    .toSorted((a, b) => a.label.localeCompare(b.label));
  return (await vscode.window.showQuickPick(items, { title }))?.path;
}

async function save(file: string): Promise<void> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.fsPath === file);
  if (open?.isDirty === true) await open.save();
}

const pick = (
  services: Services,
  argument: unknown,
  title: string,
  states?: readonly RunState[],
): Promise<Run | undefined> =>
  pickEntity(services.topics.runs, {
    argument,
    title,
    ...(states === undefined ? {} : { filter: (run: Run) => states.includes(run.state) }),
    choice: (run) => runLook(run, Date.now()),
    none: t('There is no run for that now.'),
  });

export async function stopRun(services: Services, argument: unknown): Promise<void> {
  const run = await pick(services, argument, t('Stop Run'), ['queued', 'running']);
  if (run !== undefined) await services.client.call(trainingStop, { id: run.id });
}

export async function resumeRun(services: Services, argument: unknown): Promise<void> {
  if (!(await trusted())) return;
  const run = await pick(services, argument, t('Resume Run'), ['stopped', 'interrupted', 'failed']);
  if (run !== undefined) await services.client.call(trainingResume, { id: run.id });
}

export async function removeRun(services: Services, argument: unknown): Promise<void> {
  const run = await pick(services, argument, t('Remove Run'), [
    'stopped',
    'completed',
    'failed',
    'interrupted',
  ]);
  if (run === undefined) return;
  const sure = await confirm(
    t('Remove the run {0} from the list?', isolate(run.name)),
    t('Its checkpoints and metrics are deleted. Its finished model stays.'),
    t('Remove'),
  );
  if (sure) await services.client.call(trainingRemove, { id: run.id });
}

export async function revealRun(services: Services, argument: unknown): Promise<void> {
  const run = await pick(services, argument, t('Show Folder'));
  if (run === undefined) return;
  if (run.outputPath !== undefined) return reveal(run.outputPath);
  void vscode.window.showInformationMessage(t('This run has no output yet.'));
}

export async function openRunConfig(services: Services, argument: unknown): Promise<void> {
  const run = await pick(services, argument, t('Open Config'));
  if (run === undefined) return;
  const document =
    run.configPath === undefined
      ? await vscode.workspace.openTextDocument({
          language: 'jsonc',
          content: JSON.stringify(run.config, undefined, 2),
        })
      : await vscode.workspace.openTextDocument(vscode.Uri.file(run.configPath));
  await vscode.window.showTextDocument(document);
}
