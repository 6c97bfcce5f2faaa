import type * as vscode from 'vscode';
import { views } from '../contributions';
import { once } from '../coalesce';
import type { LoadStudio } from '../studio';
import { registerDecorations } from './decorations';
import { lazyTree } from './lazyTree';

/** Four names now; the trees behind them when somebody looks. */
export function registerViews(studio: LoadStudio): vscode.Disposable[] {
  // All at once: a view that is folded is not looked at, and its title is seen.
  const named = once(async () => {
    const loaded = await studio();
    for (const [id, tree] of trees) {
      const title = loaded.title(id);
      if (title !== undefined) tree.rename(title);
    }
    return loaded;
  });
  const trees = Object.values(views).map(
    (id) => [id, lazyTree(id, async () => (await named()).tree(id))] as const,
  );
  return [...trees.map(([, { registration }]) => registration), registerDecorations()];
}
