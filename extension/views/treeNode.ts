import * as vscode from 'vscode';
import { toStudioError } from '../../protocol/wire/errors';
import { contextValues, schemes } from '../contributions';
import type { Look } from './looks/look';

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

/** A heading with nodes under it. */
export class GroupNode implements TreeNode {
  constructor(
    private readonly options: {
      readonly id: string;
      readonly label: string;
      readonly icon?: string;
      readonly description?: () => string | undefined;
      readonly expanded?: boolean;
      readonly children: (self: TreeNode) => Promise<readonly TreeNode[]>;
    },
    readonly parent?: TreeNode,
  ) {}

  item(): vscode.TreeItem {
    const { id, label, icon, description, expanded } = this.options;
    const item = new vscode.TreeItem(
      label,
      expanded === true
        ? vscode.TreeItemCollapsibleState.Expanded
        : vscode.TreeItemCollapsibleState.Collapsed,
    );
    item.id = id;
    item.contextValue = contextValues.group;
    if (icon !== undefined) item.iconPath = new vscode.ThemeIcon(icon);
    const text = description?.();
    if (text !== undefined) item.description = text;
    return item;
  }

  children(): Promise<readonly TreeNode[]> {
    return this.options.children(this);
  }
}

/** A line that offers a next step, or says what is wrong. */
export class LineNode implements TreeNode {
  constructor(
    private readonly look: Look,
    private readonly options: ItemOptions,
    readonly parent?: TreeNode,
  ) {}

  item(): vscode.TreeItem {
    return treeItem(this.look, this.options);
  }
}

/** What stands in a tree where its content could not be had: the reason, in place. */
export function problemNode(error: unknown, id: string, parent?: TreeNode): TreeNode {
  const { message } = toStudioError(error);
  return new LineNode(
    {
      label: message,
      icon: 'error',
      color: 'errorForeground',
      contextValue: contextValues.problem,
      tooltip: message,
    },
    { id: `${id}/problem` },
    parent,
  );
}
