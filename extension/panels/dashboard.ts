import * as vscode from 'vscode';
import type { DashboardInput } from '../../protocol/api/panel';
import {
  trainingCheckpoints,
  trainingGet,
  trainingList,
  trainingMetrics,
  trainingSamplePictures,
  trainingSamples,
  trainingTasks,
} from '../../protocol/api/training';
import { currentPaths } from '../launch';
import type { Services } from '../services';
import { t } from '../text/translate';
import type { PanelPage } from './openPanel';

/** The training dashboard. It reads; stopping and resuming go through commands, as everywhere else. */
export function dashboardPage(services: Services): PanelPage<DashboardInput> {
  return {
    page: 'training',
    title: () => t('Training Dashboard'),
    roots: () => workspaceRoots(services),
    allow: [
      trainingGet,
      trainingList,
      trainingMetrics,
      trainingCheckpoints,
      trainingSamples,
      trainingSamplePictures,
      trainingTasks,
    ],
    input: (choice) => Promise.resolve(choice ?? { runIds: [] }),
  };
}

/** Where runs and models put their files. */
export function workspaceRoots({ context }: Services): readonly vscode.Uri[] {
  const { modelsPath, storagePath } = currentPaths(context);
  const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri);
  return [...folders, vscode.Uri.file(modelsPath), vscode.Uri.file(storagePath)];
}
