/** Registers a tree whose code is loaded when the view is first looked at. */
import * as vscode from 'vscode';
import type { ViewId } from '../contributions';
import { LatestChildren } from './latestChildren';
import type { TreeNode } from './treeNode';

export type Tree = vscode.TreeDataProvider<TreeNode>;

export interface LazyTree {
  readonly registration: vscode.Disposable;
  /** Gives the view another title than the manifest's. */
  rename(title: string): void;
}

export function lazyTree(id: ViewId, load: () => Promise<Tree>): LazyTree {
  const changes = new vscode.EventEmitter<TreeNode | undefined>();
  let loading: Promise<Tree> | undefined;
  const tree = (): Promise<Tree> => {
    loading ??= load().then((loaded) => {
      loaded.onDidChangeTreeData?.((node) => changes.fire(node as TreeNode | undefined));
      return loaded;
    });
    return loading;
  };
  const latest = new LatestChildren<TreeNode>(async (node) => [
    ...((await (await tree()).getChildren(node)) ?? []),
  ]);
  const view = vscode.window.createTreeView<TreeNode>(id, {
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: changes.event,
      getTreeItem: (node) => node.item(),
      getChildren: (node) => latest.children(node),
      getParent: (node) => node.parent,
    },
  });
  const folded = view.onDidCollapseElement(({ element }) => element.collapsed?.());
  return {
    registration: vscode.Disposable.from(view, folded, changes),
    rename: (title) => (view.title = title),
  };
}
