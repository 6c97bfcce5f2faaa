import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { panelSaveFile } from '../../protocol/api/panel';
import { StudioError } from '../../protocol/wire/errors';
import type { Params, Result } from '../../protocol/wire/spec';
import { t } from '../text/translate';

/** Asks where, and writes it there. Throws `training.outputFailed` with the place. */
export async function saveFile({
  title,
  name,
  base64,
}: Params<typeof panelSaveFile>): Promise<Result<typeof panelSaveFile>> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? os.homedir();
  const extension = path.extname(name).slice(1);
  const target = await vscode.window.showSaveDialog({
    title,
    saveLabel: t('Export'),
    defaultUri: vscode.Uri.file(path.join(folder, path.basename(name))),
    ...(extension === '' ? {} : { filters: { [extension.toUpperCase()]: [extension] } }),
  });
  if (target === undefined) return null;
  try {
    await writeFile(target.fsPath, Buffer.from(base64, 'base64'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError(
      'training.outputFailed',
      `The file could not be written to ${target.fsPath}: ${reason}.`,
      { cause, retryable: true, details: { path: target.fsPath } },
    );
  }
  return { path: target.fsPath };
}
