import type * as vscode from 'vscode';
import type { Download } from '../../protocol/model/download';
import type { Services } from '../services';
import { downloadLook } from './looks/download';
import { TopicTree, type EntityNode } from './topicTree';
import { treeItem, type Target } from './treeNode';

export class DownloadsTree extends TopicTree<Download> {
  constructor(services: Services) {
    super('downloads', services, services.topics.downloads);
  }

  protected createNode(download: Download): EntityNode<Download> {
    return new DownloadNode(download);
  }
}

class DownloadNode implements EntityNode<Download> {
  constructor(private download: Download) {}

  get target(): Target {
    return { id: this.download.id, repoId: this.download.repoId };
  }

  update(download: Download): void {
    this.download = download;
  }

  item(): vscode.TreeItem {
    return treeItem(downloadLook(this.download, Date.now()), { id: `download/${this.download.id}` });
  }
}
