/** How this window starts its backend: paths, settings, token, log level, all read anew at every start. */
import { constants } from 'node:fs';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { protocolVersion } from '../protocol/api/session';
import { StudioError } from '../protocol/wire/errors';
import { startBackend, type BackendSession } from './backendProcess';
import { editorNetwork, readSetting, readText } from './configuration';
import { settingKeys } from './contributions';
import { originOf } from './hubEndpoint';
import type { LogLine } from './logLines';
import { backendPaths, stateFolderName, type BackendPaths } from './paths';
import { currentPlugins } from './plugins';
import { toSettings } from './settings';
import { language } from './text/translate';
import type { TokenStore } from './token';

export interface LaunchContext {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly token: TokenStore;
}

export function launcher(inputs: LaunchContext): () => Promise<BackendSession> {
  return async () => {
    const { context, log, token } = inputs;
    const paths = currentPaths(context);
    await prepareStateFolder(paths.storagePath, log);
    const settings = toSettings(readSetting, process.env, editorNetwork());
    const hubToken = await token.get(originOf(settings.hub?.endpoint ?? ''));
    return startBackend({
      entry: context.asAbsolutePath(path.join('dist', 'backend', 'main.js')),
      nodePath: await nodePath(),
      env: { ...process.env, GOYA_LOG_LEVEL: backendLevel(log.logLevel) },
      onLog: (line) => writeLine(log, line),
      initialize: {
        protocolVersion,
        client: { name: 'goya-vscode', version: versionOf(context) },
        ...paths,
        workspacePath: workspaceFolder() ?? null,
        trusted: vscode.workspace.isTrusted,
        locale: language(),
        settings,
        plugins: currentPlugins(log),
        ...(hubToken === undefined ? {} : { hubToken }),
      },
    });
  };
}

function versionOf(context: vscode.ExtensionContext): string {
  return (context.extension.packageJSON as { readonly version: string }).version;
}

/** The first folder of the window, if it is on this machine's disk. */
export function workspaceFolder(): string | undefined {
  return vscode.workspace.workspaceFolders?.find((folder) => folder.uri.scheme === 'file')?.uri.fsPath;
}

export function currentPaths(context: vscode.ExtensionContext): BackendPaths {
  return backendPaths({
    workspaceFolder: workspaceFolder(),
    trusted: vscode.workspace.isTrusted,
    storagePath: readText(settingKeys.storagePath),
    modelsPath: readText(settingKeys.modelsPath),
    globalStorage: context.globalStorageUri.fsPath,
    workspaceStorage: context.storageUri?.fsPath,
    homeFolder: homedir(),
  });
}

async function nodePath(): Promise<string | undefined> {
  const configured = readText(settingKeys.backendNodePath);
  if (configured === '') return undefined;
  try {
    await access(configured, constants.X_OK);
  } catch (error) {
    throw new StudioError(
      'settings.invalid',
      `The setting goya.backend.nodePath names ${configured}, which is not a program that can be run. Correct it or leave it empty.`,
      { cause: error },
    );
  }
  return configured;
}

/** The state folder of a workspace is no part of anybody's repository. */
async function prepareStateFolder(folder: string, log: vscode.LogOutputChannel): Promise<void> {
  if (path.basename(folder) !== stateFolderName) return;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (error) {
    // Already there, or a read-only workspace: the backend says the latter with the right kind.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') log.warn(`${folder}: ${String(error)}`);
  }
}

function writeLine(log: vscode.LogOutputChannel, line: LogLine): void {
  log[line.level](`[backend] ${line.message}`);
}

function backendLevel(level: vscode.LogLevel): string {
  switch (level) {
    case vscode.LogLevel.Trace:
      return 'trace';
    case vscode.LogLevel.Debug:
      return 'debug';
    case vscode.LogLevel.Warning:
      return 'warn';
    case vscode.LogLevel.Error:
    case vscode.LogLevel.Off:
      return 'error';
    case vscode.LogLevel.Info:
      return 'info';
  }
}
