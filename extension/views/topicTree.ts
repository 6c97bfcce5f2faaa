/** A flat tree of a topic's objects, newest first: a change refreshes its one node, an arrival or a removal the list. */
import * as vscode from 'vscode';
import type { Services } from '../services';
import type { Topic } from '../topics';
import type { Entity } from '../topicMirror';
import { NodePool, type TreeNode } from './treeNode';

export interface Listed extends Entity {
  readonly createdAt: string;
}

export interface EntityNode<T> extends TreeNode {
  /** Takes the newest state of its object. */
  update(entity: T): void;
}

export abstract class TopicTree<T extends Listed> implements vscode.TreeDataProvider<TreeNode> {
  private readonly changes = new vscode.EventEmitter<TreeNode | undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly nodes = new Map<string, EntityNode<T>>();
  protected readonly pool = new NodePool();

  constructor(
    private readonly name: string,
    protected readonly services: Services,
    private readonly topic: Topic<T>,
  ) {
    topic.mirror.onChange((change) => {
      const node = change.kind === 'changed' ? this.nodes.get(change.item.id) : undefined;
      if (change.kind === 'changed') node?.update(change.item);
      if (change.kind === 'removed') this.nodes.delete(change.item.id);
      this.changes.fire(node);
    });
    services.supervisor.onState((state) => {
      if (state.kind === 'failed') this.changes.fire(undefined);
    });
  }

  protected abstract createNode(entity: T): EntityNode<T>;

  getTreeItem(node: TreeNode): vscode.TreeItem {
    return node.item();
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (node !== undefined) return [...((await node.children?.()) ?? [])];
    try {
      await this.topic.ready();
    } catch (error) {
      // A backend that does not run has a welcome view of its own, with what can be done.
      return this.services.supervisor.state.kind === 'failed' ? [] : [this.pool.problem(error, this.name)];
    }
    return this.topic.mirror
      .list()
      .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
      .map((entity) => this.nodeOf(entity));
  }

  private nodeOf(entity: T): EntityNode<T> {
    const node = this.nodes.get(entity.id) ?? this.createNode(entity);
    this.nodes.set(entity.id, node);
    node.update(entity);
    return node;
  }
}
