/** Pages in an editor tab: one of each kind, shown again rather than opened twice, and restored after a reload. */
import * as vscode from 'vscode';
import type { RequestSpec } from '../../protocol/wire/spec';
import type { PanelType } from '../contributions';
import type { Services } from '../services';
import { PanelHost } from './panelHost';

/** What kind of page it is. `C` is what it shows: a run, a model. */
export interface PanelPage<C> {
  readonly page: 'training' | 'playground' | 'model' | 'dataset';
  title(choice: C | undefined): string;
  /** Folders whose files the page may load. */
  roots(choice: C | undefined): readonly vscode.Uri[];
  readonly allow: readonly RequestSpec[];
  /** What it shows depends on who asks the hub: shown anew when the token is another. */
  readonly followsToken?: true;
  /** `scratch`: a folder on disk whose files the page may load, and which goes with it. */
  input(choice: C | undefined, webview: vscode.Webview, scratch: string): Promise<unknown>;
}

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  readonly host: PanelHost;
  choice: unknown;
}

const open = new Map<PanelType, OpenPanel>();

/** Without a choice, an open page keeps what it shows. */
export async function openPanel<C>(
  services: Services,
  type: PanelType,
  page: PanelPage<C>,
  choice: C | undefined,
): Promise<void> {
  const known = open.get(type);
  if (known === undefined) {
    const panel = vscode.window.createWebviewPanel(type, page.title(choice), vscode.ViewColumn.Active);
    await fill(services, type, page, choice, panel);
    return;
  }
  known.panel.reveal();
  if (choice === undefined) return;
  known.choice = choice;
  known.panel.title = page.title(choice);
  await remember(services, type, choice);
  await known.host.show(page.roots(choice));
}

/** A tab that VS Code kept over a reload of the window. */
export async function restorePanel<C>(
  services: Services,
  type: PanelType,
  page: PanelPage<C>,
  panel: vscode.WebviewPanel,
): Promise<void> {
  const choice = services.context.workspaceState.get<C>(storageKey(type));
  await fill(services, type, page, choice, panel);
}

async function fill<C>(
  services: Services,
  type: PanelType,
  page: PanelPage<C>,
  choice: C | undefined,
  panel: vscode.WebviewPanel,
): Promise<void> {
  panel.iconPath = vscode.Uri.joinPath(services.context.extensionUri, 'media', 'panel.svg');
  panel.title = page.title(choice);
  const entry: OpenPanel = {
    panel,
    choice,
    host: new PanelHost(services, {
      webview: panel.webview,
      page: page.page,
      title: page.title(choice),
      roots: page.roots(choice),
      allow: page.allow,
      input: (webview, scratch) => page.input(entry.choice as C | undefined, webview, scratch),
    }),
  };
  open.set(type, entry);
  panel.onDidChangeViewState(({ webviewPanel }) => {
    if (webviewPanel.visible) entry.host.refresh();
  });
  const told = services.token.onTold(() => {
    if (page.followsToken !== true) return;
    entry.host
      .show(page.roots(entry.choice as C | undefined))
      .catch((error: unknown) => services.showError(error));
  });
  panel.onDidDispose(() => {
    told.dispose();
    if (open.get(type) === entry) open.delete(type);
    entry.host.dispose();
  });
  await remember(services, type, choice);
  await entry.host.load();
}

function storageKey(type: PanelType): string {
  return `goya.panel.${type}`;
}

async function remember(services: Services, type: PanelType, choice: unknown): Promise<void> {
  await services.context.workspaceState.update(storageKey(type), choice);
}
