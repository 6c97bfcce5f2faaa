/** The commands that open a page: which run, which model. */
import * as vscode from 'vscode';
import { trainingCheckpoints } from '../../protocol/api/training';
import type { Checkpoint, Run } from '../../protocol/model/run';
import { panels } from '../contributions';
import { dashboardPage } from '../panels/dashboard';
import { playgroundPage, type PlaygroundChoice } from '../panels/playground';
import { openPanel } from '../panels/openPanel';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { t } from '../text/translate';
import { isPlayable, modelLook } from '../views/looks/model';
import { checkpointLook, runLook, sortCheckpoints } from '../views/looks/run';
import { pickEntity, reveal } from './pick';
import { targetOf } from './target';

/** With a run: shows it. From the palette: what the dashboard showed last, or the newest run. */
export async function openDashboard(services: Services, argument: unknown): Promise<void> {
  const target = targetOf(argument);
  const runIds = target === undefined ? [] : [target.id];
  await openPanel(services, panels.dashboard, dashboardPage(services), { runIds });
}

/** With a model: opens it. From the palette: the model that is in, or the page's own choice among all. */
export async function openPlayground(services: Services, argument: unknown): Promise<void> {
  const target = targetOf(argument);
  if (target === undefined) return show(services, undefined);
  const model = await pickEntity(services.topics.models, {
    argument,
    title: t('Try Model'),
    filter: isPlayable,
    choice: (each) => modelLook(each, Date.now()),
    none: t('There is no model that the playground can run yet: train one first.'),
  });
  // A page names a model by its folder: one that was opened from outside the library has no id.
  if (model === undefined) return show(services, chosenFolder(argument));
  await show(services, { path: model.path, name: model.name });
}

function chosenFolder(argument: unknown): PlaygroundChoice | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  if (!('path' in argument) || typeof argument.path !== 'string') return undefined;
  const name = 'name' in argument && typeof argument.name === 'string' ? argument.name : argument.path;
  return { path: argument.path, name };
}

export async function tryRun(services: Services, argument: unknown): Promise<void> {
  const run = await pickRun(services, argument, t('Try Run'));
  if (run === undefined) return;
  if (run.state === 'completed' && run.outputPath !== undefined)
    return show(services, { path: run.outputPath, name: run.name });
  const [best] = sortCheckpoints(await checkpointsOf(services, run.id));
  if (best === undefined) {
    void vscode.window.showInformationMessage(
      t('{0} has no checkpoint yet: wait for its first epoch.', isolate(run.name)),
    );
    return;
  }
  await tryOne(services, run, best);
}

export async function tryCheckpoint(services: Services, argument: unknown, runId: unknown): Promise<void> {
  const found = await findCheckpoint(services, argument, runId);
  if (found !== undefined) await tryOne(services, found.run, found.checkpoint);
}

export async function revealCheckpoint(services: Services, argument: unknown, runId: unknown): Promise<void> {
  const found = await findCheckpoint(services, argument, runId);
  if (found !== undefined) await reveal(found.checkpoint.path);
}

function tryOne(services: Services, run: Run, checkpoint: Checkpoint): Promise<void> {
  const { label, description } = checkpointLook(checkpoint, false, Date.now());
  return show(services, {
    path: checkpoint.path,
    name: [run.name, label, checkpoint.best ? description?.split(' · ')[0] : undefined]
      .filter((part) => part !== undefined)
      .join(' · '),
  });
}

async function findCheckpoint(
  services: Services,
  argument: unknown,
  runId: unknown,
): Promise<{ run: Run; checkpoint: Checkpoint } | undefined> {
  const target = targetOf(argument);
  const wanted = target?.runId ?? (typeof runId === 'string' ? runId : undefined);
  const run = await pickRun(services, wanted, t('Choose a Run'));
  if (run === undefined) return undefined;
  const checkpoints = sortCheckpoints(await checkpointsOf(services, run.id));
  const known = checkpoints.find((checkpoint) => checkpoint.id === target?.id);
  if (known !== undefined) return { run, checkpoint: known };
  const picked = await vscode.window.showQuickPick(
    checkpoints.map((checkpoint) => {
      const { label, description } = checkpointLook(checkpoint, false, Date.now());
      return { label, description: description ?? '', checkpoint };
    }),
    { title: t('Choose a Checkpoint') },
  );
  return picked === undefined ? undefined : { run, checkpoint: picked.checkpoint };
}

async function checkpointsOf(services: Services, id: string): Promise<readonly Checkpoint[]> {
  return (await services.client.call(trainingCheckpoints, { id })).checkpoints;
}

function pickRun(services: Services, argument: unknown, title: string): Promise<Run | undefined> {
  return pickEntity(services.topics.runs, {
    argument,
    title,
    filter: (run) => run.epoch > 0,
    choice: (run) => runLook(run, Date.now()),
    none: t('There is no run with a checkpoint yet.'),
  });
}

async function show(services: Services, choice: PlaygroundChoice | undefined): Promise<void> {
  await openPanel(services, panels.playground, playgroundPage(services), choice);
}
