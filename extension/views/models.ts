/** The Models view: what is installed, with its files, and the curated lists by task. */
import * as vscode from 'vscode';
import { curatedCategories, hubCurated, type CuratedCategory } from '../../protocol/api/hub';
import type { Model } from '../../protocol/model/model';
import { commands, contextValues } from '../contributions';
import type { Services } from '../services';
import { formatNumber } from '../text/format';
import { t } from '../text/translate';
import { curatedLook, modelGroup, modelLook } from './looks/model';
import { typeName } from './looks/task';
import { fileNodes } from './modelFiles';
import { GroupNode, LineNode, problemNode, treeItem, type Target, type TreeNode } from './treeNode';

export class ModelsTree implements vscode.TreeDataProvider<TreeNode> {
  private readonly changes = new vscode.EventEmitter<TreeNode | undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly nodes = new Map<string, ModelNode>();
  private readonly installed: TreeNode;
  private readonly curated: TreeNode;

  constructor(private readonly services: Services) {
    this.installed = new GroupNode({
      id: 'installed',
      label: t('Installed'),
      expanded: true,
      description: () => {
        const count = services.topics.models.mirror.list().length;
        return count === 0 ? undefined : formatNumber(count);
      },
      children: (self) => this.installedChildren(self),
    });
    this.curated = new GroupNode({
      id: 'curated',
      label: t('Curated'),
      children: (self) => this.categories(self),
    });
    services.topics.models.mirror.onChange((change) => {
      const node = change.kind === 'changed' ? this.nodes.get(change.item.id) : undefined;
      if (change.kind === 'changed') node?.update(change.item);
      if (change.kind === 'removed') this.nodes.delete(change.item.id);
      this.changes.fire(node ?? this.installed);
    });
    services.grouping.onDidChange(() => this.changes.fire(this.installed));
    services.supervisor.onState((state) => {
      if (state.kind === 'failed') this.changes.fire(undefined);
    });
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    return node.item();
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (node !== undefined) return [...((await node.children?.()) ?? [])];
    try {
      await this.services.supervisor.ready();
    } catch {
      return []; // The welcome view says what can be done; the failure itself was shown when it happened.
    }
    return [this.installed, this.curated];
  }

  private async installedChildren(parent: TreeNode): Promise<readonly TreeNode[]> {
    const { mirror, ready } = this.services.topics.models;
    try {
      await ready();
    } catch (error) {
      return [problemNode(error, 'installed', parent)];
    }
    const models = mirror.list().toSorted((a, b) => a.name.localeCompare(b.name));
    if (models.length === 0) return firstSteps(parent);
    const grouping = this.services.grouping.get();
    if (grouping === 'none') return models.map((model) => this.nodeOf(model, parent));
    const groups = groupBy(models, (model) => modelGroup(model, grouping) ?? '');
    return [...groups].map(
      ([label, members]) =>
        new GroupNode(
          {
            id: `installed/${grouping}/${label}`,
            label,
            expanded: true,
            description: () => formatNumber(members.length),
            children: (self) => Promise.resolve(members.map((model) => this.nodeOf(model, self))),
          },
          parent,
        ),
    );
  }

  private nodeOf(model: Model, parent: TreeNode): ModelNode {
    const node = this.nodes.get(model.id) ?? new ModelNode(model);
    this.nodes.set(model.id, node);
    node.parent = parent;
    node.update(model);
    return node;
  }

  private async categories(parent: TreeNode): Promise<readonly TreeNode[]> {
    try {
      return await Promise.all(curatedCategories.map((category) => this.category(category, parent)));
    } catch (error) {
      return [problemNode(error, 'curated', parent)];
    }
  }

  private async category(category: CuratedCategory, parent: TreeNode): Promise<TreeNode> {
    const { models } = await this.services.client.call(hubCurated, { category });
    const repositories = (): Set<string | undefined> =>
      new Set(this.services.topics.models.mirror.list().map((model) => model.repoId));
    return new GroupNode(
      {
        id: `curated/${category}`,
        label: typeName(category),
        description: () => formatNumber(models.length),
        children: (self) => {
          const here = repositories();
          return Promise.resolve(
            models.map((model) => {
              const node = new LineNode(
                curatedLook(model, here.has(model.repoId)),
                {
                  id: `curated/${category}/${model.repoId}`,
                  command: {
                    command: commands.downloadCurated,
                    title: t('Download'),
                    arguments: [model.repoId],
                  },
                },
                self,
              );
              return Object.assign(node, { target: { id: model.repoId, repoId: model.repoId } });
            }),
          );
        },
      },
      parent,
    );
  }
}

class ModelNode implements TreeNode {
  parent: TreeNode | undefined;

  constructor(private model: Model) {}

  get target(): Target {
    const { id, repoId } = this.model;
    return repoId === undefined ? { id } : { id, repoId };
  }

  update(model: Model): void {
    this.model = model;
  }

  item(): vscode.TreeItem {
    return treeItem(modelLook(this.model, Date.now()), {
      id: `model/${this.model.id}`,
      collapsible: vscode.TreeItemCollapsibleState.Collapsed,
    });
  }

  children(): Promise<readonly TreeNode[]> {
    return fileNodes(vscode.Uri.file(this.model.path), `model/${this.model.id}`, this);
  }
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? [];
    groups.set(keyOf(item), [...group, item]);
  }
  return groups;
}

function firstSteps(parent: TreeNode): readonly TreeNode[] {
  const step = (id: string, label: string, icon: string, command: string): TreeNode =>
    new LineNode(
      { label, icon, contextValue: contextValues.group },
      { id: `installed/${id}`, command: { command, title: label } },
      parent,
    );
  return [
    step('search', t('No models yet. Search Hugging Face…'), 'search', commands.searchModels),
    step('browse', t('See Persian voices that run here…'), 'star-empty', commands.browsePersianModels),
  ];
}
