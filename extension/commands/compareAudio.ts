/** Two recordings on one page, one under the other. */
import path from 'node:path';
import * as vscode from 'vscode';
import { panels } from '../contributions';
import { showAudio } from '../editors/audio';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { t } from '../text/translate';

interface Comparison {
  readonly title: string;
  readonly files: readonly string[];
}

/** Of the comparisons that are open. */
const storageKey = 'goya.comparisons';
const sounds = ['wav', 'mp3', 'flac', 'ogg', 'oga', 'opus', 'm4a'];

/** From the explorer: what is selected there. From the palette, or with one: a dialog asks for the rest. */
export async function compareAudio(services: Services, clicked: unknown, selected: unknown): Promise<void> {
  const given = (Array.isArray(selected) ? selected : [clicked]).filter((each) => each instanceof vscode.Uri);
  const files = given.length >= 2 ? given.slice(0, 2) : await ask(given);
  const [first, second] = files;
  if (first === undefined || second === undefined) return;
  const title = [first, second].map((uri) => isolate(path.posix.basename(uri.path))).join(' ↔ ');
  const panel = vscode.window.createWebviewPanel(panels.compareAudio, title, vscode.ViewColumn.Active);
  await fill(services, panel, [first, second]);
}

/** A tab that VS Code kept over a reload of the window: it is told by its title. One whose files are not known is closed. */
export async function restoreComparison(services: Services, panel: vscode.WebviewPanel): Promise<void> {
  const known = remembered(services).find(({ title }) => title === panel.title);
  if (known === undefined) panel.dispose();
  else
    await fill(
      services,
      panel,
      known.files.map((file) => vscode.Uri.parse(file, true)),
    );
}

async function fill(
  services: Services,
  panel: vscode.WebviewPanel,
  files: readonly vscode.Uri[],
): Promise<void> {
  panel.iconPath = vscode.Uri.joinPath(services.context.extensionUri, 'media', 'panel.svg');
  const { workspaceState } = services.context;
  const others = (): Comparison[] => remembered(services).filter(({ title }) => title !== panel.title);
  const mine = { title: panel.title, files: files.map((file) => file.toString()) };
  await workspaceState.update(storageKey, [...others(), mine]);
  panel.onDidDispose(() => void workspaceState.update(storageKey, others()));
  await showAudio(services, files, panel);
}

function remembered({ context }: Services): readonly Comparison[] {
  return context.workspaceState.get<Comparison[]>(storageKey) ?? [];
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
