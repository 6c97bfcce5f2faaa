import path from 'node:path';
import type { Page } from 'playwright-core';
import { eventually } from '../../fixtures/eventually';
import { QuickPick } from './quickPick';

const patience = { timeoutMs: 45_000, everyMs: 200 };
/** Looks after which a path is taken that the picker does not list: of a file that its filter leaves out. */
const unlisted = 15;

/** VS Code's own picker of files and folders, which it shows where the system's cannot be shown. */
export class FileDialog {
  private readonly pick: QuickPick;

  constructor(page: Page) {
    this.pick = new QuickPick(page);
  }

  /**
   * Types a whole path and takes it. A folder is listed first and taken by a further Enter. An Enter before the picker has
   * followed what was typed would take the folder that it still shows.
   * @param title of the dialog, where another one follows that looks alike
   */
  async choose(file: string, title = ''): Promise<void> {
    await eventually(() => this.shown(title), patience);
    let waits = 0;
    await eventually(async () => {
      if (!(await this.shown(title))) return true;
      const value = await this.pick.input.inputValue({ timeout: 2_000 });
      if (value.replace(/\/$/, '') !== file) {
        await this.pick.input.fill(file, { timeout: 2_000 });
        waits = 0;
      } else if (value.endsWith('/') || (await this.offers(path.basename(file))) || ++waits > unlisted) {
        await this.pick.input.press('Enter', { timeout: 2_000 });
        waits = 0;
      }
      return false;
    }, patience);
  }

  private offers(name: string): Promise<boolean> {
    return this.pick.row(name).and(this.pick.root.locator('.focused')).first().isVisible();
  }

  /** Of all boxes only this one comes with a path in it. */
  private async shown(title: string): Promise<boolean> {
    if (!(await this.pick.input.isVisible())) return false;
    if (!(await this.pick.title.innerText({ timeout: 2_000 })).includes(title)) return false;
    return (await this.pick.input.inputValue({ timeout: 2_000 })).startsWith('/');
  }
}
