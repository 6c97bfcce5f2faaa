import * as vscode from 'vscode';
import { toStudioError } from '../../protocol/wire/errors';
import { contextValues, schemes } from '../contributions';
import { isolate } from '../text/bidi';
import { escapeMarkdown, type Look } from './looks/look';

/** What a tree's menu commands receive. */
export interface Target {
  readonly id: string;
  /** For a checkpoint: its run. */
  readonly runId?: string;
  /** For a curated model: its repository. */
  readonly repoId?: string;
  /** Picks a curated model's files in a repository that holds several. */
  readonly include?: readonly string[];
}

export interface TreeNode {
  readonly parent?: TreeNode | undefined;
  readonly target?: Target | undefined;
  item(): vscode.TreeItem;
  children?(): Promise<readonly TreeNode[]>;
  /** The person folded it: what only its children needed can go. */
  collapsed?(): void;
}

export interface ItemOptions {
  /**
   * Stable over refreshes and restarts, so that expansion and selection survive. Only for nodes at the top: VS Code
   * refuses a known id below a node that it refreshes while it still asks for its children, and tells a pooled node
   * without one by its place and label.
   */
  readonly id?: string;
  readonly collapsible?: vscode.TreeItemCollapsibleState;
  readonly command?: vscode.Command;
}

export function treeItem(look: Look, options: ItemOptions): vscode.TreeItem {
  const item = new vscode.TreeItem(look.label, options.collapsible ?? vscode.TreeItemCollapsibleState.None);
  if (options.id !== undefined) item.id = options.id;
  item.contextValue = look.contextValue;
  if (look.icon !== undefined)
    item.iconPath = new vscode.ThemeIcon(
      look.icon,
      look.color === undefined ? undefined : new vscode.ThemeColor(look.color),
    );
  if (look.description !== undefined) item.description = isolate(look.description, look.label);
  if (look.tooltip !== undefined) item.tooltip = new vscode.MarkdownString(look.tooltip, true);
  if (options.command !== undefined) item.command = options.command;
  if (look.failed === true || look.warned === true)
    item.resourceUri = vscode.Uri.from({
      scheme: schemes.state,
      path: `/${options.id ?? look.label}`,
      query: look.failed === true ? 'failed' : 'warned',
    });
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
    const known = this.nodes.get(options.key);
    if (known !== undefined) {
      known.options = options;
      return known;
    }
    const made = new PooledNode(options);
    this.nodes.set(options.key, made);
    return made;
  }

  /** What stands in a tree where its content could not be had: the reason, in place. */
  problem(error: unknown, key: string, parent?: TreeNode): TreeNode {
    const { message } = toStudioError(error);
    const look: Look = {
      label: message,
      icon: 'error',
      color: 'errorForeground',
      contextValue: contextValues.problem,
      tooltip: escapeMarkdown(message),
    };
    return this.node({ key: `${key}/problem`, look, parent });
  }
}

export interface NodeOptions extends ItemOptions {
  /** What the node is, in its tree: the same key is the same node. */
  readonly key: string;
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
