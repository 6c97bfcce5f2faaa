/** Where this window's backend keeps its state and its models. Pure. */
import path from 'node:path';

export const stateFolderName = '.goya';
export const defaultModelsFolder = 'models';

export interface PathInputs {
  /** First folder of the window, when it is on disk. */
  readonly workspaceFolder: string | undefined;
  readonly trusted: boolean;
  /** Settings as written; empty: not set. */
  readonly storagePath: string;
  readonly modelsPath: string;
  /** VS Code's own folder for this extension, for all windows. */
  readonly globalStorage: string;
  /** The same for this workspace; absent without a workspace. */
  readonly workspaceStorage: string | undefined;
  readonly homeFolder: string;
}

export interface BackendPaths {
  readonly storagePath: string;
  readonly modelsPath: string;
}

/**
 * State lies in the workspace (`.goya/`), so that it moves with it. Not in a workspace that is not trusted: a database
 * that came with somebody's repository names folders that the backend would write to and delete.
 */
export function backendPaths(inputs: PathInputs): BackendPaths {
  const { workspaceFolder, trusted, globalStorage } = inputs;
  const base = workspaceFolder ?? globalStorage;
  const ownStorage =
    workspaceFolder !== undefined && trusted
      ? path.join(workspaceFolder, stateFolderName)
      : (inputs.workspaceStorage ?? globalStorage);
  return {
    storagePath: inputs.storagePath === '' ? ownStorage : expand(inputs.storagePath, base, inputs),
    modelsPath: expand(inputs.modelsPath === '' ? defaultModelsFolder : inputs.modelsPath, base, inputs),
  };
}

function expand(value: string, base: string, inputs: PathInputs): string {
  const replaced = value
    .replaceAll('${workspaceFolder}', base)
    .replaceAll('${userHome}', inputs.homeFolder)
    .replace(/^~(?=$|[/\\])/, inputs.homeFolder);
  return path.resolve(base, replaced);
}
