import * as vscode from 'vscode';
import { modelsImport, modelsRemove, modelsVerify } from '../../protocol/api/models';
import type { Model } from '../../protocol/model/model';
import { hubPage } from '../hubPage';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { formatBytes, formatNumber } from '../text/format';
import { t } from '../text/translate';
import { modelLook } from '../views/looks/model';
import { confirm, pickEntity, reveal, withProgress } from './pick';
import { showReport } from './report';
import { verifyReport } from './reports';
import { targetOf } from './target';

const pick = (services: Services, argument: unknown, title: string): Promise<Model | undefined> =>
  pickEntity(services.topics.models, {
    argument,
    title,
    choice: (model) => modelLook(model, Date.now()),
    none: t('There are no models yet.'),
  });

export async function importModel(services: Services): Promise<void> {
  const picked = await vscode.window.showOpenDialog({
    title: t('Import Model Folder'),
    openLabel: t('Import'),
    canSelectFiles: false,
    canSelectFolders: true,
  });
  const folder = picked?.[0];
  if (folder === undefined) return;
  const model = await services.client.call(modelsImport, { path: folder.fsPath });
  await vscode.commands.executeCommand('goya.models.focus');
  void vscode.window.showInformationMessage(t('{0} is in the library now.', isolate(model.name)));
}

export async function verifyModel(services: Services, argument: unknown): Promise<void> {
  const model = await pick(services, argument, t('Verify Model'));
  if (model === undefined) return;
  const result = await withProgress(t('Reading every byte of {0}', isolate(model.name)), (signal) =>
    services.client.call(modelsVerify, { id: model.id }, signal),
  );
  if (result.ok) {
    void vscode.window.showInformationMessage(
      t('{0} is whole: every file matches its hash.', isolate(model.name)),
    );
    return;
  }
  const show = t('Show Problems');
  const chosen = await vscode.window.showWarningMessage(
    t('{0} has damaged files: {1}.', isolate(model.name), formatNumber(result.problems.length)),
    show,
  );
  if (chosen === show)
    await showReport(services, {
      name: model.name.replaceAll('/', '-'),
      subject: model.id,
      markdown: verifyReport(model, result.problems),
    });
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

export async function openModelOnHub(services: Services, argument: unknown): Promise<void> {
  const target = targetOf(argument);
  const repoId = target?.repoId ?? (await pick(services, argument, t("Open the Model's Page")))?.repoId;
  if (repoId !== undefined) await vscode.env.openExternal(vscode.Uri.parse(hubPage(repoId)));
}
