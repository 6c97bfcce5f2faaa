/** Two recordings on one page, one under the other. */
import path from 'node:path';
import * as vscode from 'vscode';
import { showAudio } from '../editors/audio';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { t } from '../text/translate';

const sounds = ['wav', 'mp3', 'flac', 'ogg', 'oga', 'opus', 'm4a'];

/** From the explorer: what is selected there. From the palette, or with one: a dialog asks for the rest. */
export async function compareAudio(services: Services, clicked: unknown, selected: unknown): Promise<void> {
  const given = (Array.isArray(selected) ? selected : [clicked]).filter((each) => each instanceof vscode.Uri);
  const files = given.length >= 2 ? given.slice(0, 2) : await ask(given);
  const [first, second] = files;
  if (first === undefined || second === undefined) return;
  const title = [first, second].map((uri) => isolate(path.posix.basename(uri.path))).join(' ↔ ');
  const panel = vscode.window.createWebviewPanel('goya.compareAudio', title, vscode.ViewColumn.Active);
  panel.iconPath = vscode.Uri.joinPath(services.context.extensionUri, 'media', 'panel.svg');
  await showAudio(services, [first, second], panel);
}

async function ask(given: readonly vscode.Uri[]): Promise<vscode.Uri[]> {
  const files = [...given];
  while (files.length < 2) {
    const title = files.length === 0 ? t('First Audio File to Compare') : t('Second Audio File to Compare');
    const picked = await vscode.window.showOpenDialog({
      title,
      canSelectMany: files.length === 0,
      filters: { [t('Audio')]: sounds },
    });
    if (picked === undefined || picked.length === 0) return [];
    files.push(...picked.slice(0, 2 - files.length));
  }
  return files;
}
