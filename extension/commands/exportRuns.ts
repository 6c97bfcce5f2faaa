/** A run's metrics as files that other programs read. */
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { trainingExport } from '../../protocol/api/training';
import type { Run } from '../../protocol/model/run';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { formatNumber } from '../text/format';
import { t } from '../text/translate';
import { runLook } from '../views/looks/run';
import { pickEntity, reveal } from './pick';
import { isTextList } from './target';

/** `others`: ids of runs that the page compares with it. */
export async function exportRunCsv(services: Services, argument: unknown, others: unknown): Promise<void> {
  const title = t('Export Metrics as CSV');
  const run = await pick(services, argument, title);
  if (run === undefined) return;
  const target = await vscode.window.showSaveDialog({
    title,
    saveLabel: t('Export'),
    defaultUri: vscode.Uri.file(path.join(folderOf(run), `${fileName(run.name)}.csv`)),
    filters: { CSV: ['csv'] },
  });
  if (target === undefined) return;
  const { points } = await services.client.call(trainingExport, {
    id: run.id,
    ...othersOf(others),
    format: 'csv',
    path: target.fsPath,
  });
  const show = t('Open');
  const chosen = await vscode.window.showInformationMessage(
    t('{0} values of {1} are exported.', formatNumber(points), isolate(run.name)),
    show,
  );
  if (chosen === show) await vscode.window.showTextDocument(target);
}

export async function exportRunTensorBoard(
  services: Services,
  argument: unknown,
  others: unknown,
): Promise<void> {
  const title = t('Export Metrics for TensorBoard');
  const run = await pick(services, argument, title);
  if (run === undefined) return;
  const [folder] =
    (await vscode.window.showOpenDialog({
      title,
      openLabel: t('Export'),
      canSelectFiles: false,
      canSelectFolders: true,
      canSelectMany: false,
      defaultUri: vscode.Uri.file(folderOf(run)),
    })) ?? [];
  if (folder === undefined) return;
  const { files } = await services.client.call(trainingExport, {
    id: run.id,
    ...othersOf(others),
    format: 'tensorboard',
    path: folder.fsPath,
  });
  await tellEvents(folder.fsPath, files);
}

async function tellEvents(folder: string, files: readonly string[]): Promise<void> {
  const show = t('Show Folder');
  const copy = t('Copy Command');
  const chosen = await vscode.window.showInformationMessage(
    t('Event files are written: {0}. TensorBoard shows them with --logdir.', formatNumber(files.length)),
    copy,
    show,
  );
  const [first = folder] = files;
  if (chosen === show) await reveal(first);
  if (chosen === copy) await vscode.env.clipboard.writeText(`tensorboard --logdir "${folder}"`);
}

const pick = (services: Services, argument: unknown, title: string): Promise<Run | undefined> =>
  pickEntity(services.topics.runs, {
    argument,
    title,
    choice: (run) => runLook(run, Date.now()),
    none: t('There is no run for that now.'),
  });

/** Menus hand a command the selected nodes too: only the page's list of ids counts. */
function othersOf(others: unknown): { readonly others?: string[] } {
  return isTextList(others) && others.length > 0 ? { others: [...others] } : {};
}

function folderOf(run: Run): string {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  return folder?.uri.fsPath ?? (run.configPath === undefined ? os.homedir() : path.dirname(run.configPath));
}

function fileName(name: string): string {
  return name.replace(/[\\/:*?"<>|\p{Cc}]/gu, '-');
}
