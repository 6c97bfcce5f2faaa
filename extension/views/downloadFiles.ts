/** The files of one download in the tree, live while it is unfolded: a change draws its one node anew. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { DownloadFile } from '../../protocol/model/download';
import type { Client, Subscription } from '../client';
import { contextValues } from '../contributions';
import { formatNumber } from '../text/format';
import { t } from '../text/translate';
import { downloadFileLook } from './looks/downloadFile';
import type { NodePool, TreeNode } from './treeNode';

/** Files shown at once; the others lie under a node of their own. */
const pageSize = 100;

export interface DownloadFilesOptions {
  readonly client: Pick<Client, 'subscribe'>;
  readonly pool: NodePool;
  readonly refresh: (node: TreeNode) => void;
}

export class DownloadFiles {
  private readonly topic: Subscription<'downloadFiles'>;
  private stopListening: (() => void) | undefined;
  /** Where each file that was asked for hangs. */
  private readonly parents = new Map<string, TreeNode>();
  private folder = '';

  constructor(
    private readonly downloadId: string,
    private readonly self: TreeNode,
    private readonly options: DownloadFilesOptions,
  ) {
    this.topic = options.client.subscribe('downloadFiles', downloadId);
  }

  async children(folder: string): Promise<readonly TreeNode[]> {
    this.folder = folder;
    try {
      await this.topic.ready();
    } catch (error) {
      return [this.options.pool.problem(error, `download/${this.downloadId}`, this.self)];
    }
    this.stopListening ??= this.topic.mirror.onChange((change) => {
      const parent = change.kind === 'changed' ? this.parents.get(change.item.id) : undefined;
      if (change.kind === 'changed' && parent !== undefined)
        this.options.refresh(this.node(change.item, parent));
      else if (change.kind !== 'changed') this.options.refresh(this.self);
    });
    return this.page(0, this.self);
  }

  dispose(): void {
    this.stopListening?.();
    this.topic.dispose();
  }

  private page(from: number, parent: TreeNode): readonly TreeNode[] {
    const files = this.topic.mirror.list().toSorted((a, b) => (a.path < b.path ? -1 : 1));
    const nodes = files.slice(from, from + pageSize).map((file) => this.node(file, parent));
    const left = files.length - from - pageSize;
    return left > 0 ? [...nodes, this.more(from + pageSize, left, parent)] : nodes;
  }

  private more(from: number, left: number, parent: TreeNode): TreeNode {
    return this.options.pool.node({
      key: `download/${this.downloadId}//${from}`,
      parent,
      look: { label: t('{0} more files', formatNumber(left)), contextValue: contextValues.group },
      collapsible: vscode.TreeItemCollapsibleState.Collapsed,
      children: (node) => Promise.resolve(this.page(from, node)),
    });
  }

  private node(file: DownloadFile, parent: TreeNode): TreeNode {
    this.parents.set(file.id, parent);
    const there = file.state === 'done' || file.state === 'present';
    const uri = vscode.Uri.file(path.join(this.folder, ...file.path.split('/')));
    return this.options.pool.node({
      key: `download/${file.id}`,
      parent,
      look: downloadFileLook(file),
      ...(there ? { command: { command: 'vscode.open', title: t('Open'), arguments: [uri] } } : {}),
    });
  }
}
