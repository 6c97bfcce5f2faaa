/** Audio files open in a page with waveform and player. It reads the file itself: the backend need not run for it. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { AudioInput } from '../../protocol/api/panel';
import { PanelHost } from '../panels/panelHost';
import type { Services } from '../services';

export async function showAudio(
  services: Services,
  uri: vscode.Uri,
  panel: vscode.WebviewPanel,
): Promise<void> {
  const folder = vscode.Uri.joinPath(uri, '..');
  const host = new PanelHost(services, {
    webview: panel.webview,
    page: 'audio',
    title: path.posix.basename(uri.path),
    roots: [folder],
    allow: [],
    input: async (webview) => input(uri, webview),
  });
  panel.onDidDispose(() => host.dispose());
  panel.onDidChangeViewState(() => {
    if (panel.visible) host.refresh();
  });
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(folder, path.posix.basename(uri.path)),
  );
  // A file that was written anew is shown anew.
  watcher.onDidChange(() => void host.show([folder]));
  panel.onDidDispose(() => void watcher.dispose());
  await host.load();
}

async function input(uri: vscode.Uri, webview: vscode.Webview): Promise<AudioInput> {
  const { size, mtime } = await vscode.workspace.fs.stat(uri);
  return {
    // The time of its last change keeps the browser from showing an older version.
    uri: webview
      .asWebviewUri(uri)
      .with({ query: `v=${mtime}` })
      .toString(),
    name: path.posix.basename(uri.path),
    sizeBytes: size,
  };
}
