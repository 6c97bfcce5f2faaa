/** How long a run would take, and how much memory: measured on a few of its steps. */
import path from 'node:path';
import * as vscode from 'vscode';
import { trainingEstimate } from '../../protocol/api/training';
import { isStudioError } from '../../protocol/wire/errors';
import { readConfigText } from '../language/configText';
import { estimates, estimateText } from '../language/estimates';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { t } from '../text/translate';
import { withProgress } from './pick';
import { configFile, trusted } from './training';

/** Of the text as it stands, saved or not. What was measured stands above the file until it changes. */
export async function estimateRun(services: Services, argument: unknown): Promise<void> {
  if (!(await trusted())) return;
  const file = await configFile(argument, t('Estimate Training'));
  if (file === undefined) return;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  await vscode.window.showTextDocument(document, { preview: false });
  const text = document.getText();
  const { value } = readConfigText(text);
  if (value === undefined) {
    void vscode.window.showWarningMessage(t('{0} is not valid JSON yet.', isolate(path.basename(file))));
    return;
  }
  const source = { config: value, basePath: path.dirname(file) };
  try {
    const estimate = await withProgress(
      t('Measuring a few steps of {0}', isolate(path.basename(file))),
      (signal) => services.client.call(trainingEstimate, source, signal),
    );
    estimates.keep(document, text, estimate);
    const message = t('Training {0} would take {1}.', isolate(path.basename(file)), estimateText(estimate));
    void vscode.window.showInformationMessage(message);
  } catch (error) {
    if (!isStudioError(error, 'cancelled')) throw error;
  }
}
