/** A model's files as they lie on disk, folder by folder, without the download's bookkeeping. */
import * as vscode from 'vscode';
import { contextValues } from '../contributions';
import { formatBytes } from '../text/format';
import { t } from '../text/translate';
import type { NodePool, TreeNode } from './treeNode';

const bookkeeping = '.cache';

/** A file or folder in a model's folder; `key` is that of the model's node with the path behind it. */
interface Place {
  readonly uri: vscode.Uri;
  readonly name: string;
  readonly key: string;
}

export async function fileNodes(
  pool: NodePool,
  folder: vscode.Uri,
  key: string,
  parent: TreeNode,
): Promise<readonly TreeNode[]> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(folder);
    const shown = entries
      .filter(([name]) => name !== bookkeeping)
      .toSorted(([a, typeA], [b, typeB]) => typeB - typeA || a.localeCompare(b));
    return await Promise.all(
      shown.map(async ([name, type]) => {
        const place = { uri: vscode.Uri.joinPath(folder, name), name, key: `${key}/${name}` };
        return type === vscode.FileType.Directory
          ? folderNode(pool, place, parent)
          : await fileNode(pool, place, parent);
      }),
    );
  } catch (error) {
    return [pool.problem(error, key, parent)];
  }
}

function folderNode(pool: NodePool, { uri, name, key }: Place, parent: TreeNode): TreeNode {
  return pool.node({
    key,
    parent,
    look: { label: name, icon: 'folder', contextValue: contextValues.modelFolder },
    collapsible: vscode.TreeItemCollapsibleState.Collapsed,
    children: (self) => fileNodes(pool, uri, key, self),
  });
}

async function fileNode(pool: NodePool, { uri, name, key }: Place, parent: TreeNode): Promise<TreeNode> {
  const { size } = await vscode.workspace.fs.stat(uri);
  return pool.node({
    key,
    parent,
    look: {
      label: name,
      description: formatBytes(size),
      icon: 'file',
      contextValue: contextValues.modelFile,
    },
    command: { command: 'vscode.open', title: t('Open'), arguments: [uri] },
  });
}
