import type { Locator, Page } from 'playwright-core';

/** The box that drops from the top: palette, pickers, inputs. */
export class QuickPick {
  readonly root: Locator;
  readonly input: Locator;

  constructor(page: Page) {
    this.root = page.locator('.quick-input-widget');
    this.input = this.root.locator('.quick-input-box input, .quick-input-filter input').first();
  }

  async waitForOpen(): Promise<void> {
    await this.input.waitFor({ state: 'visible' });
  }

  /** Types over what stands in the box. */
  async filter(text: string): Promise<void> {
    await this.waitForOpen();
    await this.input.fill(text);
  }

  row(text: string | RegExp): Locator {
    return this.root.locator('.monaco-list-row').filter({ hasText: text });
  }

  rows(): Locator {
    return this.root.locator('.monaco-list-row');
  }

  async choose(text: string | RegExp): Promise<void> {
    const row = this.row(text).first();
    await row.waitFor();
    await row.click();
  }

  /** Types an answer into an input box and confirms it. */
  async answer(text: string): Promise<void> {
    await this.filter(text);
    await this.input.press('Enter');
  }
}
