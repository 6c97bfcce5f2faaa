/**
 * A tree of a topic's objects, newest first: a change refreshes its one node; an arrival, a removal or a change of the
 * order the list.
 */
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
  /** Its object is gone. */
  dispose?(): void;
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
      if (change.kind === 'removed') this.drop(change.item.id);
      if (change.kind === 'reset') this.dropUnknown();
      const moved = change.kind === 'changed' && this.compare(change.previous, change.item) !== 0;
      this.changes.fire(moved ? undefined : node);
    });
    services.supervisor.onState((state) => {
      if (state.kind === 'failed') this.changes.fire(undefined);
    });
  }

  protected abstract createNode(entity: T): EntityNode<T>;

  /** The order of the list. An object that no longer compares as equal to what it was has moved. */
  protected compare(a: T, b: T): number {
    return b.createdAt.localeCompare(a.createdAt);
  }

  /** Draws one node anew, with its children when it is unfolded. */
  protected readonly refresh = (node: TreeNode): void => this.changes.fire(node);

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
      .toSorted((a, b) => this.compare(a, b))
      .map((entity) => this.nodeOf(entity));
  }

  private drop(id: string): void {
    this.nodes.get(id)?.dispose?.();
    this.nodes.delete(id);
  }

  private dropUnknown(): void {
    for (const id of this.nodes.keys()) if (this.topic.mirror.get(id) === undefined) this.drop(id);
  }

  private nodeOf(entity: T): EntityNode<T> {
    const node = this.nodes.get(entity.id) ?? this.createNode(entity);
    this.nodes.set(entity.id, node);
    node.update(entity);
    return node;
  }
}
