import type * as vscode from 'vscode';
import type { Dataset } from '../../protocol/model/dataset';
import { commands } from '../contributions';
import type { Services } from '../services';
import { t } from '../text/translate';
import { datasetLook } from './looks/dataset';
import { TopicTree, type EntityNode } from './topicTree';
import { treeItem, type Target } from './treeNode';

export class DatasetsTree extends TopicTree<Dataset> {
  constructor(services: Services) {
    super('datasets', services, services.topics.datasets);
  }

  protected createNode(dataset: Dataset): EntityNode<Dataset> {
    return new DatasetNode(dataset);
  }
}

class DatasetNode implements EntityNode<Dataset> {
  constructor(private dataset: Dataset) {}

  get target(): Target {
    return { id: this.dataset.id };
  }

  update(dataset: Dataset): void {
    this.dataset = dataset;
  }

  item(): vscode.TreeItem {
    const { id } = this.dataset;
    return treeItem(datasetLook(this.dataset, Date.now()), {
      id: `dataset/${id}`,
      command: { command: commands.openDataset, title: t('Open'), arguments: [{ id }] },
    });
  }
}
