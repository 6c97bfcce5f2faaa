/** A model's files as they lie on disk, folder by folder, without the download's bookkeeping. */
import * as vscode from 'vscode';
import { contextValues } from '../contributions';
import { formatBytes } from '../text/format';
import { t } from '../text/translate';
import { LineNode, problemNode, type TreeNode } from './treeNode';

const bookkeeping = '.cache';

export async function fileNodes(
  folder: vscode.Uri,
  id: string,
  parent: TreeNode,
): Promise<readonly TreeNode[]> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(folder);
    const shown = entries
      .filter(([name]) => name !== bookkeeping)
      .toSorted(([a, typeA], [b, typeB]) => typeB - typeA || a.localeCompare(b));
    return await Promise.all(
      shown.map(([name, type]) =>
        type === vscode.FileType.Directory
          ? Promise.resolve(folderNode(vscode.Uri.joinPath(folder, name), name, `${id}/${name}`, parent))
          : fileNode(vscode.Uri.joinPath(folder, name), name, `${id}/${name}`, parent),
      ),
    );
  } catch (error) {
    return [problemNode(error, id, parent)];
  }
}

function folderNode(uri: vscode.Uri, name: string, id: string, parent: TreeNode): TreeNode {
  const node = new LineNode(
    { label: name, icon: 'folder', contextValue: contextValues.modelFolder },
    { id, collapsible: vscode.TreeItemCollapsibleState.Collapsed },
    parent,
  );
  return Object.assign(node, { children: () => fileNodes(uri, id, node) });
}

async function fileNode(uri: vscode.Uri, name: string, id: string, parent: TreeNode): Promise<TreeNode> {
  const { size } = await vscode.workspace.fs.stat(uri);
  return new LineNode(
    { label: name, description: formatBytes(size), icon: 'file', contextValue: contextValues.modelFile },
    { id, command: { command: 'vscode.open', title: t('Open'), arguments: [uri] } },
    parent,
  );
}
