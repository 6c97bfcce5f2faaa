/** Audio files open in a page with waveform and player. It reads them itself: the backend need not run for it. */
import path from 'node:path';
import * as vscode from 'vscode';
import { panelReadParts, type AudioInput, type SoundFile } from '../../protocol/api/panel';
import { PanelHost } from '../panels/panelHost';
import type { Services } from '../services';
import { readParts } from './soundReader';

export async function showAudio(
  services: Services,
  files: readonly vscode.Uri[],
  panel: vscode.WebviewPanel,
): Promise<void> {
  const host = new PanelHost(services, {
    webview: panel.webview,
    page: 'audio',
    title: files.map(nameOf).join(' · '),
    roots: [],
    allow: [],
    answer: (peer) => peer.handle(panelReadParts, (params) => readParts(files, params)),
    input: () => audioInput(files),
  });
  panel.onDidDispose(() => host.dispose());
  panel.onDidChangeViewState(() => {
    if (panel.visible) host.refresh();
  });
  for (const file of files) {
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.joinPath(file, '..'), globOf(nameOf(file))),
    );
    // A file that was written anew is shown anew.
    watcher.onDidChange(() => void host.show([]));
    panel.onDidDispose(() => void watcher.dispose());
  }
  await host.load();
}

function nameOf(uri: vscode.Uri): string {
  return path.posix.basename(uri.path);
}

/** A file's name as a glob that means it alone. */
function globOf(name: string): string {
  return name.replaceAll(/[[\]{}*?]/g, '[$&]');
}

async function audioInput(files: readonly vscode.Uri[]): Promise<AudioInput> {
  return { files: await Promise.all(files.map(soundFile)) };
}

async function soundFile(uri: vscode.Uri): Promise<SoundFile> {
  const { size, mtime } = await vscode.workspace.fs.stat(uri);
  return { name: nameOf(uri), sizeBytes: size, version: `${mtime} ${size}` };
}
