import * as vscode from 'vscode';
import { inferenceRun } from '../../protocol/api/inference';
import { modelsGet, modelsList } from '../../protocol/api/models';
import type { PlaygroundInput } from '../../protocol/api/panel';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { t } from '../text/translate';
import { isPlayable } from '../views/looks/model';
import { workspaceRoots } from './dashboard';
import type { PanelPage } from './openPanel';

export interface PlaygroundChoice {
  /** Folder of the model. */
  readonly path: string;
  readonly name: string;
}

/** The playground runs tf.js in the page itself: it loads the model's files, and asks the backend for what a page cannot do. */
export function playgroundPage(services: Services): PanelPage<PlaygroundChoice> {
  return {
    page: 'playground',
    title: (choice) => (choice === undefined ? t('Playground') : t('Playground: {0}', isolate(choice.name))),
    roots: (choice) => [
      ...workspaceRoots(services),
      // Models that were imported from elsewhere can be chosen in the page too.
      ...playable(services).map(({ path }) => vscode.Uri.file(path)),
      ...(choice === undefined ? [] : [vscode.Uri.file(choice.path)]),
    ],
    allow: [modelsList, modelsGet, inferenceRun],
    input: (choice, webview) => input(services, choice, webview),
  };
}

async function input(
  services: Services,
  choice: PlaygroundChoice | undefined,
  webview: vscode.Webview,
): Promise<PlaygroundInput> {
  await services.topics.models.ready();
  const folderUri = (folder: vscode.Uri): string => `${webview.asWebviewUri(folder).toString()}/`;
  return {
    ...(choice === undefined
      ? {}
      : { modelUri: folderUri(vscode.Uri.file(choice.path)), modelPath: choice.path, name: choice.name }),
    wasmUri: folderUri(vscode.Uri.joinPath(services.context.extensionUri, 'dist', 'webviews', 'wasm')),
    models: playable(services),
  };
}

function playable({ topics }: Services): { name: string; path: string }[] {
  return topics.models.mirror
    .list()
    .filter(isPlayable)
    .map(({ name, path }) => ({ name, path }));
}
