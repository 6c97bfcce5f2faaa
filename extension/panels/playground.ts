import * as vscode from 'vscode';
import { inferenceRun } from '../../protocol/api/inference';
import { modelsGet, modelsList } from '../../protocol/api/models';
import type { PlaygroundInput } from '../../protocol/api/panel';
import type { Services } from '../services';
import { publishedTaskOf } from '../../protocol/model/published';
import { isolate } from '../text/bidi';
import { t } from '../text/translate';
import { isPlayable, isTrained } from '../views/looks/model';
import { workspaceRoots } from './dashboard';
import type { PanelPage } from './openPanel';

export interface PlaygroundChoice {
  /** Folder of the model. */
  readonly path: string;
  readonly name: string;
}

/** The playground runs tf.js models in the page itself, from their files, and asks the backend for what it downloaded. */
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
    input: (choice, webview, scratch) => input(services, choice, webview, scratch),
  };
}

async function input(
  services: Services,
  choice: PlaygroundChoice | undefined,
  webview: vscode.Webview,
  scratchPath: string,
): Promise<PlaygroundInput> {
  await services.topics.models.ready();
  const folderUri = (folder: vscode.Uri): string => `${webview.asWebviewUri(folder).toString()}/`;
  return {
    ...(choice === undefined
      ? {}
      : { modelUri: folderUri(vscode.Uri.file(choice.path)), modelPath: choice.path, name: choice.name }),
    wasmUri: folderUri(vscode.Uri.joinPath(services.context.extensionUri, 'dist', 'webviews', 'wasm')),
    scratchPath,
    runtimePath: vscode.Uri.joinPath(services.context.extensionUri, 'dist', 'runtime', 'models.mjs').fsPath,
    models: playable(services),
  };
}

function playable({ topics }: Services): PlaygroundInput['models'] {
  return topics.models.mirror
    .list()
    .filter(isPlayable)
    .map((model) => {
      const { name, path } = model;
      const task = isTrained(model) ? undefined : publishedTaskOf(model);
      return { name, path, ...(task === undefined ? {} : { task }) };
    });
}
