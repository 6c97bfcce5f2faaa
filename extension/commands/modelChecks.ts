/** Whether an installed model is whole, and mending it. */
import * as vscode from 'vscode';
import { modelsRepair, modelsVerify } from '../../protocol/api/models';
import type { Model, ModelProblem } from '../../protocol/model/model';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { formatNumber } from '../text/format';
import { t } from '../text/translate';
import { callWithBytes } from './byteProgress';
import { pickModel } from './pickModel';
import { showReport } from './report';
import { verifyReport } from './reports';

export async function verifyModel(services: Services, argument: unknown): Promise<void> {
  const model = await pickModel(services, argument, t('Verify Model'));
  if (model === undefined) return;
  const title = t('Reading every byte of {0}', isolate(model.name));
  const result = await callWithBytes(services, title, modelsVerify, { id: model.id });
  if (!result.ok) return showProblems(services, model, result.problems);
  void vscode.window.showInformationMessage(
    t('{0} is whole: every file matches its hash.', isolate(model.name)),
  );
}

export async function repairModel(services: Services, argument: unknown): Promise<void> {
  const model = await pickModel(services, argument, t('Repair Model'));
  if (model === undefined) return;
  const title = t('Looking for what is wrong with {0}', isolate(model.name));
  const download = await callWithBytes(services, title, modelsRepair, { id: model.id });
  if (download.state === 'completed') {
    void vscode.window.showInformationMessage(
      t('{0} is whole: nothing had to be fetched.', isolate(model.name)),
    );
    return;
  }
  await vscode.commands.executeCommand('goya.downloads.focus');
}

/** Says what is wrong and offers to mend it. */
export async function showProblems(
  services: Services,
  model: Model,
  problems: readonly ModelProblem[],
): Promise<void> {
  const show = t('Show Problems');
  const repair = t('Repair');
  const chosen = await vscode.window.showWarningMessage(
    t('{0} has damaged files: {1}.', isolate(model.name), formatNumber(problems.length)),
    ...(model.repoId === undefined ? [show] : [repair, show]),
  );
  if (chosen === repair) return repairModel(services, model.id);
  if (chosen !== show) return;
  await showReport({
    name: model.name.replaceAll('/', '-'),
    subject: model.id,
    markdown: verifyReport(model, problems),
  });
}
