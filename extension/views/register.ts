import type * as vscode from 'vscode';
import { views } from '../contributions';
import type { LoadStudio } from '../studio';
import { registerDecorations } from './decorations';
import { lazyTree } from './lazyTree';

/** Four names now; the trees behind them when somebody looks. */
export function registerViews(studio: LoadStudio): vscode.Disposable[] {
  return [
    ...Object.values(views).map((id) => lazyTree(id, async () => (await studio()).tree(id))),
    registerDecorations(),
  ];
}
