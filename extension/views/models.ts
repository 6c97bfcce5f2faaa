/** The Models view: what is installed, with its files, and the curated lists by task. */
import * as vscode from 'vscode';
import {
  curatedCategories,
  hubCurated,
  type CuratedCategory,
  type CuratedModel,
} from '../../protocol/api/hub';
import type { Model } from '../../protocol/model/model';
import { commands, contextValues } from '../contributions';
import type { Services } from '../services';
import { formatNumber } from '../text/format';
import { t } from '../text/translate';
import { curatedLook, modelGroup, modelLook } from './looks/model';
import { typeName } from './looks/task';
import { fileNodes } from './modelFiles';
import { NodePool, type TreeNode } from './treeNode';

const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

export class ModelsTree implements vscode.TreeDataProvider<TreeNode> {
  private readonly changes = new vscode.EventEmitter<TreeNode | undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly pool = new NodePool();
  /** The node that each model stands under now. */
  private readonly parents = new Map<string, TreeNode>();

  constructor(private readonly services: Services) {
    services.topics.models.mirror.onChange((change) => {
      if (change.kind === 'removed') this.parents.delete(change.item.id);
      const parent = change.kind === 'changed' ? this.parents.get(change.item.id) : undefined;
      this.changes.fire(
        change.kind === 'changed' && parent !== undefined
          ? this.modelNode(change.item, parent)
          : this.installed(),
      );
    });
    services.token.onTold(() => this.changes.fire(this.curated()));
    services.grouping.onDidChange(() => this.changes.fire(this.installed()));
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
    return [this.installed(), this.curated()];
  }

  private installed(): TreeNode {
    const count = this.services.topics.models.mirror.list().length;
    return this.group('installed', t('Installed'), {
      id: 'installed',
      description: count === 0 ? undefined : formatNumber(count),
      collapsible: Expanded,
      children: (self) => this.installedChildren(self),
    });
  }

  private curated(): TreeNode {
    return this.group('curated', t('Curated'), {
      id: 'curated',
      collapsible: Collapsed,
      children: (self) => this.categories(self),
    });
  }

  private group(
    key: string,
    label: string,
    options: {
      readonly description?: string | undefined;
      readonly collapsible: vscode.TreeItemCollapsibleState;
      readonly id?: string;
      readonly parent?: TreeNode;
      readonly children: (self: TreeNode) => Promise<readonly TreeNode[]>;
    },
  ): TreeNode {
    const { description, ...rest } = options;
    const look = { label, description, contextValue: contextValues.group };
    return this.pool.node({ key, look, ...rest });
  }

  private async installedChildren(parent: TreeNode): Promise<readonly TreeNode[]> {
    const { mirror, ready } = this.services.topics.models;
    try {
      await ready();
    } catch (error) {
      return [this.pool.problem(error, 'installed', parent)];
    }
    const models = mirror.list().toSorted((a, b) => a.name.localeCompare(b.name));
    if (models.length === 0) return this.firstSteps(parent);
    const grouping = this.services.grouping.get();
    if (grouping === 'none') return models.map((model) => this.modelNode(model, parent));
    const groups = groupBy(models, (model) => modelGroup(model, grouping) ?? '');
    return [...groups].map(([label, members]) =>
      this.group(`installed/${grouping}/${label}`, label, {
        parent,
        description: formatNumber(members.length),
        collapsible: Expanded,
        children: (self) => Promise.resolve(members.map((model) => this.modelNode(model, self))),
      }),
    );
  }

  private modelNode(model: Model, parent: TreeNode): TreeNode {
    this.parents.set(model.id, parent);
    const { repoId } = model;
    const key = `model/${model.id}`;
    return this.pool.node({
      key,
      parent,
      look: modelLook(model, Date.now()),
      collapsible: Collapsed,
      target: repoId === undefined ? { id: model.id } : { id: model.id, repoId },
      children: (self) => fileNodes(this.pool, vscode.Uri.file(model.path), key, self),
    });
  }

  private firstSteps(parent: TreeNode): readonly TreeNode[] {
    const step = (key: string, label: string, icon: string, command: string): TreeNode =>
      this.pool.node({
        key: `installed/${key}`,
        parent,
        look: { label, icon, contextValue: contextValues.group },
        command: { command, title: label },
      });
    return [
      step('search', t('No models yet: search…'), 'search', commands.searchModels),
      step('browse', t('See Persian models…'), 'star-empty', commands.browsePersianModels),
    ];
  }

  private async categories(parent: TreeNode): Promise<readonly TreeNode[]> {
    try {
      return await Promise.all(curatedCategories.map((category) => this.category(category, parent)));
    } catch (error) {
      return [this.pool.problem(error, 'curated', parent)];
    }
  }

  private async category(category: CuratedCategory, parent: TreeNode): Promise<TreeNode> {
    const { models } = await this.services.client.call(hubCurated, { category });
    return this.group(`curated/${category}`, typeName(category), {
      parent,
      description: formatNumber(models.length),
      collapsible: Collapsed,
      children: (self) => {
        const here = new Set(this.services.topics.models.mirror.list().map((model) => model.repoId));
        return Promise.resolve(
          models.map((model) => this.curatedNode(category, model, here.has(model.repoId), self)),
        );
      },
    });
  }

  private curatedNode(
    category: CuratedCategory,
    model: CuratedModel,
    installed: boolean,
    parent: TreeNode,
  ): TreeNode {
    const { repoId, include } = model;
    const target = { id: repoId, repoId, ...(include === undefined ? {} : { include }) };
    return this.pool.node({
      // Several voices may lie in one repository.
      key: `curated/${category}/${repoId}/${model.title}`,
      parent,
      look: curatedLook(model, installed),
      target,
      command: { command: commands.openModelPage, title: t('Open Model Page'), arguments: [target] },
    });
  }
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
