/**
 * Every command's id with what it does, loaded when it is called first. The table's type holds it to contributions.ts:
 * a command without a handler does not compile.
 */
import * as vscode from 'vscode';
import { commands, type CommandId } from '../contributions';
import type { Services } from '../services';

type Handler = (services: Services, ...args: unknown[]) => Promise<unknown>;

const models = () => import('./models');
const downloads = () => import('./downloads');
const training = () => import('./training');
const datasets = () => import('./datasets');
const pages = () => import('./pages');
const backend = () => import('./backend');
const token = () => import('./token');

const handlers: Readonly<Record<CommandId, Handler>> = {
  [commands.searchModels]: async (s) => (await import('./searchModels')).searchModels(s),
  [commands.browsePersianModels]: async (s) => (await import('./browse')).browsePersianModels(s),
  [commands.downloadModel]: async (s, name) => (await downloads()).downloadByName(s, name),
  [commands.importModel]: async (s) => (await models()).importModel(s),
  [commands.openPlayground]: async (s, target) => (await pages()).openPlayground(s, target),
  [commands.newTrainingConfig]: async (s, target) =>
    (await import('./newConfig')).newTrainingConfig(s, target),
  [commands.train]: async (s, file) => (await training()).train(s, file),
  [commands.checkConfig]: async (s, file) => (await training()).checkConfig(s, file),
  [commands.openDashboard]: async (s, target) => (await pages()).openDashboard(s, target),
  [commands.importDataset]: async (s, file) => (await datasets()).importDataset(s, file),
  [commands.inspectDataset]: async (s, target) => (await datasets()).inspectDataset(s, target),
  [commands.setToken]: async (s) => (await token()).setToken(s),
  [commands.forgetToken]: async (s) => (await token()).forgetToken(s),
  [commands.checkConnection]: async (s) => (await backend()).checkConnection(s),
  [commands.restartBackend]: async (s) => (await backend()).restartBackend(s),
  [commands.showLog]: async (s) => (await backend()).showLog(s),
  [commands.showActivity]: async (s) => (await backend()).showActivity(s),
  [commands.openSettings]: async (_, key) => (await backend()).openSettings(key),

  [commands.groupModelsByTask]: (s) => s.grouping.set('task'),
  [commands.groupModelsBySource]: (s) => s.grouping.set('source'),
  [commands.ungroupModels]: (s) => s.grouping.set('none'),
  [commands.tryModel]: async (s, target) => (await pages()).openPlayground(s, target),
  [commands.verifyModel]: async (s, target) => (await models()).verifyModel(s, target),
  [commands.removeModel]: async (s, target) => (await models()).removeModel(s, target),
  [commands.revealModel]: async (s, target) => (await models()).revealModel(s, target),
  [commands.openModelOnHub]: async (s, target) => (await models()).openModelOnHub(s, target),
  [commands.downloadCurated]: async (s, target) => (await downloads()).downloadCurated(s, target),

  [commands.pauseDownload]: async (s, target) => (await downloads()).pauseDownload(s, target),
  [commands.resumeDownload]: async (s, target) => (await downloads()).resumeDownload(s, target),
  [commands.retryDownload]: async (s, target) => (await downloads()).resumeDownload(s, target),
  [commands.cancelDownload]: async (s, target) => (await downloads()).cancelDownload(s, target),
  [commands.revealDownload]: async (s, target) => (await downloads()).revealDownload(s, target),
  [commands.pauseAllDownloads]: async (s) => (await downloads()).pauseAllDownloads(s),
  [commands.clearFinishedDownloads]: async (s) => (await downloads()).clearFinishedDownloads(s),

  [commands.stopRun]: async (s, target) => (await training()).stopRun(s, target),
  [commands.resumeRun]: async (s, target) => (await training()).resumeRun(s, target),
  [commands.removeRun]: async (s, target) => (await training()).removeRun(s, target),
  [commands.revealRun]: async (s, target) => (await training()).revealRun(s, target),
  [commands.openRunConfig]: async (s, target) => (await training()).openRunConfig(s, target),
  [commands.tryRun]: async (s, target) => (await pages()).tryRun(s, target),
  [commands.tryCheckpoint]: async (s, target, run) => (await pages()).tryCheckpoint(s, target, run),
  [commands.revealCheckpoint]: async (s, target, run) => (await pages()).revealCheckpoint(s, target, run),

  [commands.removeDataset]: async (s, target) => (await datasets()).removeDataset(s, target),
  [commands.revealDataset]: async (s, target) => (await datasets()).revealDataset(s, target),
};

export function registerCommands(services: () => Promise<Services>): vscode.Disposable[] {
  return Object.entries(handlers).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      const loaded = await services();
      const run = async (): Promise<unknown> => {
        try {
          return await handler(loaded, ...args);
        } catch (error) {
          loaded.showError(error, { retry: () => void run() });
          return undefined;
        }
      };
      return run();
    }),
  );
}
