/** Audio files open in a page with waveform and player. It reads them itself: the backend need not run for it. */
import path from 'node:path';
import * as vscode from 'vscode';
import { inferenceRun } from '../../protocol/api/inference';
import { panelReadParts, type AudioInput, type SoundFile } from '../../protocol/api/panel';
import { speechTaskOf } from '../../protocol/model/published';
import { PanelHost } from '../panels/panelHost';
import type { Services } from '../services';
import { readParts } from './soundReader';
import { transcriptOf } from './transcriptFiles';

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
    allow: [inferenceRun],
    answer: (peer) => peer.handle(panelReadParts, (params) => readParts(files, params)),
    input: () => audioInput(services, files),
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

async function audioInput(services: Services, files: readonly vscode.Uri[]): Promise<AudioInput> {
  return { files: await Promise.all(files.map(soundFile)), recognisers: recognisersOf(services) };
}

/** Those that are known by now: a page that only shows a file starts no backend. */
function recognisersOf({ topics }: Services): AudioInput['recognisers'] {
  return topics.models.mirror
    .list()
    .filter((model) => speechTaskOf(model) === 'automatic-speech-recognition')
    .map(({ name, path: folder }) => ({ name, path: folder }));
}

async function soundFile(uri: vscode.Uri): Promise<SoundFile> {
  const { size, mtime } = await vscode.workspace.fs.stat(uri);
  const transcript = await transcriptOf(uri);
  return {
    name: nameOf(uri),
    sizeBytes: size,
    version: `${mtime} ${size}`,
    ...(uri.scheme === 'file' ? { path: uri.fsPath } : {}),
    ...(transcript === undefined ? {} : { transcript }),
  };
}
