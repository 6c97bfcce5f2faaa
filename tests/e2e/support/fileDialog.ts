import type { Page } from 'playwright-core';
import { eventually } from '../../fixtures/eventually';
import { QuickPick } from './quickPick';

const patience = { timeoutMs: 45_000, everyMs: 200 };

/** VS Code's own picker of files and folders, which it shows where the system's cannot be shown. */
export class FileDialog {
  private readonly pick: QuickPick;

  constructor(page: Page) {
    this.pick = new QuickPick(page);
  }

  /** Types a whole path and takes it. A folder is listed first and taken by a further Enter. */
  async choose(file: string): Promise<void> {
    await eventually(() => this.shown(), patience);
    await eventually(async () => {
      if (!(await this.shown())) return true;
      const typed = (await this.pick.input.inputValue()).replace(/\/$/, '');
      if (typed !== file) await this.pick.input.fill(file, { timeout: 2_000 });
      await this.pick.input.press('Enter', { timeout: 2_000 });
      return false;
    }, patience);
  }

  /** Of all boxes only this one comes with a path in it. */
  private async shown(): Promise<boolean> {
    if (!(await this.pick.input.isVisible())) return false;
    return (await this.pick.input.inputValue({ timeout: 2_000 })).startsWith('/');
  }
}
