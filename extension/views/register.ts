import type * as vscode from 'vscode';
import { views } from '../contributions';
import type { Services } from '../services';
import { registerDecorations } from './decorations';
import { lazyTree } from './lazyTree';

/** Four names now; the trees behind them when somebody looks. */
export function registerViews(services: () => Promise<Services>): vscode.Disposable[] {
  return [
    lazyTree(views.models, async () => new (await import('./models')).ModelsTree(await services())),
    lazyTree(views.downloads, async () => new (await import('./downloads')).DownloadsTree(await services())),
    lazyTree(views.training, async () => new (await import('./training')).TrainingTree(await services())),
    lazyTree(views.datasets, async () => new (await import('./datasets')).DatasetsTree(await services())),
    registerDecorations(),
  ];
}
