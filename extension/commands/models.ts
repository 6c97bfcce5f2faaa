import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { modelsExport, modelsImport, modelsRemove } from '../../protocol/api/models';
import { verificationOf, type Model } from '../../protocol/model/model';
import { hubPage } from '../hubPage';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { formatBytes, formatNumber } from '../text/format';
import { t } from '../text/translate';
import { callWithBytes } from './byteProgress';
import { showProblems } from './modelChecks';
import { confirm, reveal } from './pick';
import { pickModel as pick } from './pickModel';
import { parseRepoName, type RepoName } from './repoName';
import { repoNameProblem } from './repoNameProblem';
import { targetOf } from './target';

/** A folder where it lies, or an archive that was exported elsewhere. */
export async function importModel(services: Services): Promise<void> {
  const folder = t('A Folder…');
  const archive = t('An Exported Archive…');
  const kind = await vscode.window.showQuickPick([`$(folder) ${folder}`, `$(archive) ${archive}`], {
    title: t('Import Model'),
  });
  if (kind === undefined) return;
  const folders = kind.endsWith(folder);
  const picked = await vscode.window.showOpenDialog({
    title: t('Import Model'),
    openLabel: t('Import'),
    canSelectFiles: !folders,
    canSelectFolders: folders,
    ...(folders ? {} : { filters: { [t('Exported models')]: ['tar'] } }),
  });
  const from = picked?.[0];
  if (from === undefined) return;
  const title = t('Importing {0}', isolate(path.basename(from.fsPath)));
  const model = await callWithBytes(services, title, modelsImport, { path: from.fsPath });
  await vscode.commands.executeCommand('goya.models.focus');
  const name = folders && model.repoId === undefined ? await askRepository() : undefined;
  // The same folder again renews what is known of it, now compared with the hub.
  await tellImported(
    services,
    name === undefined
      ? model
      : await callWithBytes(services, title, modelsImport, { path: from.fsPath, ...name }),
  );
}

/** Where nothing in the folder tells. Undefined when the person does not know or does not care. */
async function askRepository(): Promise<RepoName | undefined> {
  const text = await vscode.window.showInputBox({
    title: t('Import Model'),
    prompt: t('Which hub repository is it? Its files are compared with it. Leave it empty to skip this.'),
    placeHolder: 'facebook/mms-tts-fas',
    ignoreFocusOut: true,
    validateInput: repoNameProblem,
  });
  return parseRepoName(text ?? '');
}

async function tellImported(services: Services, model: Model): Promise<void> {
  const found = verificationOf(model);
  if (found?.state === 'differs') return showProblems(services, model, found.problems);
  const verified = found?.state === 'verified';
  void vscode.window.showInformationMessage(
    verified
      ? t('{0} is in the library now: its files are what the hub has.', isolate(model.name))
      : t(
          '{0} is in the library now. Not compared with the hub: {1}',
          isolate(model.name),
          isolate(found?.reason ?? ''),
        ),
  );
}

export async function exportModel(services: Services, argument: unknown): Promise<void> {
  const model = await pick(services, argument, t('Export Model'));
  if (model === undefined) return;
  const archive = t('One Archive (.tar)');
  const folder = t('A Folder');
  const kind = await vscode.window.showQuickPick([`$(archive) ${archive}`, `$(folder) ${folder}`], {
    title: t('Export Model'),
    placeHolder: t('With its hashes, for a machine without a network'),
  });
  if (kind === undefined) return;
  const format = kind.endsWith(archive) ? 'archive' : 'folder';
  const suggested = path.join(
    os.homedir(),
    `${path.basename(model.path)}${format === 'archive' ? '.tar' : '-export'}`,
  );
  const target = await vscode.window.showSaveDialog({
    title: t('Export Model'),
    saveLabel: t('Export'),
    defaultUri: vscode.Uri.file(suggested),
    ...(format === 'archive' ? { filters: { [t('Exported models')]: ['tar'] } } : {}),
  });
  if (target === undefined) return;
  const title = t('Exporting {0}', isolate(model.name));
  const params = { id: model.id, path: target.fsPath, format } as const;
  const done = await callWithBytes(services, title, modelsExport, params);
  const show = t('Show Folder');
  const chosen = await vscode.window.showInformationMessage(
    t(
      '{0} is exported: {1} files, {2}.',
      isolate(model.name),
      formatNumber(done.files),
      formatBytes(done.bytes),
    ),
    show,
  );
  if (chosen === show) await reveal(done.path);
}

export async function removeModel(services: Services, argument: unknown): Promise<void> {
  const model = await pick(services, argument, t('Remove Model'));
  if (model === undefined) return;
  const sure = await confirm(
    t('Remove {0} and delete its files?', isolate(model.name)),
    t('{0} in {1} will be deleted. This cannot be undone.', formatBytes(model.sizeBytes), model.path),
    t('Delete'),
  );
  if (sure) await services.client.call(modelsRemove, { id: model.id });
}

export async function revealModel(services: Services, argument: unknown): Promise<void> {
  const model = await pick(services, argument, t('Show Folder'));
  if (model !== undefined) await reveal(model.path);
}

export async function copyModelPath(services: Services, argument: unknown): Promise<void> {
  const model = await pick(services, argument, t('Copy Path'));
  if (model !== undefined) await vscode.env.clipboard.writeText(model.path);
}

export async function openModelOnHub(services: Services, argument: unknown): Promise<void> {
  const target = targetOf(argument);
  const repoId = target?.repoId ?? (await pick(services, argument, t("Open the Model's Page")))?.repoId;
  if (repoId !== undefined) await vscode.env.openExternal(vscode.Uri.parse(hubPage(repoId)));
}
