import * as vscode from 'vscode';
import type { Download } from '../../protocol/model/download';
import type { Services } from '../services';
import { DownloadFiles } from './downloadFiles';
import { compareDownloads, downloadLook } from './looks/download';
import { TopicTree, type EntityNode } from './topicTree';
import { treeItem, type Target, type TreeNode } from './treeNode';

export class DownloadsTree extends TopicTree<Download> {
  constructor(services: Services) {
    super('downloads', services, services.topics.downloads);
  }

  protected createNode(download: Download): EntityNode<Download> {
    return new DownloadNode(
      download,
      (self) =>
        new DownloadFiles(download.id, self, {
          client: this.services.client,
          pool: this.pool,
          refresh: this.refresh,
        }),
    );
  }

  protected override compare(a: Download, b: Download): number {
    return compareDownloads(a, b);
  }
}

class DownloadNode implements EntityNode<Download> {
  /** Its files, while somebody looks at them. */
  private files: DownloadFiles | undefined;

  constructor(
    private download: Download,
    private readonly watch: (self: TreeNode) => DownloadFiles,
  ) {}

  get target(): Target {
    return { id: this.download.id, repoId: this.download.repoId };
  }

  update(download: Download): void {
    this.download = download;
  }

  item(): vscode.TreeItem {
    return treeItem(downloadLook(this.download, Date.now()), {
      id: `download/${this.download.id}`,
      collapsible: vscode.TreeItemCollapsibleState.Collapsed,
    });
  }

  children(): Promise<readonly TreeNode[]> {
    this.files ??= this.watch(this);
    return this.files.children(this.download.path);
  }

  collapsed(): void {
    this.dispose();
  }

  dispose(): void {
    this.files?.dispose();
    this.files = undefined;
  }
}
