import * as vscode from 'vscode';
import { toStudioError } from '../../protocol/wire/errors';
import { contextValues, schemes } from '../contributions';
import { escapeMarkdown, type Look } from './looks/look';

/** What a tree's menu commands receive. */
export interface Target {
  readonly id: string;
  /** For a checkpoint: its run. */
  readonly runId?: string;
  /** For a curated model: its repository. */
  readonly repoId?: string;
}

export interface TreeNode {
  readonly parent?: TreeNode | undefined;
  readonly target?: Target | undefined;
  item(): vscode.TreeItem;
  children?(): Promise<readonly TreeNode[]>;
}

export interface ItemOptions {
  /** Stable over refreshes and restarts, so that expansion and selection survive. */
  readonly id: string;
  readonly collapsible?: vscode.TreeItemCollapsibleState;
  readonly command?: vscode.Command;
}

export function treeItem(look: Look, options: ItemOptions): vscode.TreeItem {
  const item = new vscode.TreeItem(look.label, options.collapsible ?? vscode.TreeItemCollapsibleState.None);
  item.id = options.id;
  item.contextValue = look.contextValue;
  if (look.icon !== undefined)
    item.iconPath = new vscode.ThemeIcon(
      look.icon,
      look.color === undefined ? undefined : new vscode.ThemeColor(look.color),
    );
  if (look.description !== undefined) item.description = look.description;
  if (look.tooltip !== undefined) item.tooltip = new vscode.MarkdownString(look.tooltip, true);
  if (options.command !== undefined) item.command = options.command;
  if (look.failed === true)
    item.resourceUri = vscode.Uri.from({ scheme: schemes.state, path: `/${options.id}`, query: 'failed' });
  item.accessibilityInformation = {
    label: look.description === undefined ? look.label : `${look.label}, ${look.description}`,
  };
  return item;
}

/**
 * VS Code knows a node by the object it is: each id has one node for the life of its tree, which takes on what is
 * newest, so that a node can be refreshed whichever answer it came with.
 */
export class NodePool {
  private readonly nodes = new Map<string, PooledNode>();

  node(options: NodeOptions): TreeNode {
    const known = this.nodes.get(options.id);
    if (known !== undefined) {
      known.options = options;
      return known;
    }
    const made = new PooledNode(options);
    this.nodes.set(options.id, made);
    return made;
  }

  /** What stands in a tree where its content could not be had: the reason, in place. */
  problem(error: unknown, id: string, parent?: TreeNode): TreeNode {
    const { message } = toStudioError(error);
    const look: Look = {
      label: message,
      icon: 'error',
      color: 'errorForeground',
      contextValue: contextValues.problem,
      tooltip: escapeMarkdown(message),
    };
    return this.node({ id: `${id}/problem`, look, parent });
  }
}

export interface NodeOptions extends ItemOptions {
  readonly look: Look;
  readonly parent?: TreeNode | undefined;
  readonly target?: Target;
  readonly children?: (self: TreeNode) => Promise<readonly TreeNode[]>;
}

class PooledNode implements TreeNode {
  constructor(public options: NodeOptions) {}

  get parent(): TreeNode | undefined {
    return this.options.parent;
  }

  get target(): Target | undefined {
    return this.options.target;
  }

  item(): vscode.TreeItem {
    return treeItem(this.options.look, this.options);
  }

  children(): Promise<readonly TreeNode[]> {
    return this.options.children?.(this) ?? Promise.resolve([]);
  }
}
