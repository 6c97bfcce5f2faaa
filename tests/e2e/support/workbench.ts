/** VS Code's window as a person uses it. */
import type { Locator, Page } from 'playwright-core';
import { eventually } from '../../fixtures/eventually';
import { Editor } from './editor';
import { FileDialog } from './fileDialog';
import { QuickPick } from './quickPick';
import { TreeView } from './treeView';
import { Webview } from './webview';

const patience = { timeoutMs: 45_000, everyMs: 100 };

export class Workbench {
  constructor(readonly page: Page) {}

  /** The window is drawn and its extensions have a place to show themselves. */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 90_000 });
    await this.activityItem('Goya').waitFor({ timeout: 90_000 });
  }

  activityItem(name: string): Locator {
    return this.page.locator(`.activitybar .action-item:has([aria-label^="${name}"])`);
  }

  /** Opens the Goya sidebar unless it is open. */
  async openSidebar(): Promise<void> {
    const item = this.activityItem('Goya');
    if ((await item.getAttribute('aria-selected')) !== 'true' && !(await hasClass(item, 'checked')))
      await item.click();
    await this.page.locator('.sidebar .composite.title:has-text("Goya")').first().waitFor();
  }

  tree(title: string): TreeView {
    return new TreeView(this.page, title);
  }

  /**
   * Runs a command by its title, as the palette shows it: `Goya: Search Models…`. A window that still draws itself
   * may take the focus, and with it the palette, away: then it is opened again.
   */
  async run(title: string): Promise<void> {
    await eventually(async () => {
      const pick = await this.palette();
      await pick.filter(`>${title}`, 2_000);
      await pick.choose(title, 5_000);
    }, patience);
  }

  /** Runs a command that asks with a picker, and chooses there. */
  async runAndChoose(title: string, asks: RegExp, answer: string): Promise<void> {
    await eventually(async () => {
      await this.run(title);
      const pick = this.quickPick();
      await pick.asking(asks).waitFor({ timeout: 5_000 });
      await pick.filter(answer, 2_000);
      await pick.choose(answer, 5_000);
    }, patience);
  }

  async palette(): Promise<QuickPick> {
    await this.page.locator('.monaco-workbench').press('F1');
    const pick = this.quickPick();
    await pick.waitForOpen(5_000);
    return pick;
  }

  quickPick(): QuickPick {
    return new QuickPick(this.page);
  }

  /** Opens a file of the workspace by its relative path, in whatever editor it has. */
  async openPath(name: string): Promise<void> {
    const file = name.split('/').at(-1) ?? name;
    await eventually(async () => {
      const pick = await this.palette();
      await pick.filter(name, 2_000);
      await pick.choose(file, 5_000);
    }, patience);
    await this.tab(file).waitFor();
  }

  /** The same for a file of text. */
  async openFile(name: string): Promise<Editor> {
    await this.openPath(name);
    return this.editor();
  }

  editor(): Editor {
    return new Editor(this.page);
  }

  /** Of the file picker that VS Code shows in a browser. */
  fileDialog(): FileDialog {
    return new FileDialog(this.page);
  }

  /** The question that stands before everything else. */
  dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  tab(title: string): Locator {
    return this.page
      .locator(
        `.tabs-container .tab[data-resource-name="${title}"], .tabs-container .tab:has-text("${title}")`,
      )
      .first();
  }

  /** The webview in front. */
  webview(): Webview {
    return new Webview(this.page);
  }

  statusBar(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item').filter({ hasText: text });
  }

  notification(text: string | RegExp): Locator {
    return this.page
      .locator('.notification-toast, .notification-list-item')
      .filter({ hasText: text })
      .first();
  }

  /** Rows of the Problems panel. */
  async problems(): Promise<Locator> {
    await this.run('View: Focus Problems');
    return this.page.locator('.markers-panel .monaco-list-row');
  }
}

async function hasClass(locator: Locator, name: string): Promise<boolean> {
  return ((await locator.getAttribute('class')) ?? '').split(/\s+/).includes(name);
}
