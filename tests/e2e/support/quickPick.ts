import type { Locator, Page } from 'playwright-core';

/** The box that drops from the top: palette, pickers, inputs. */
export class QuickPick {
  readonly root: Locator;
  readonly title: Locator;
  readonly input: Locator;

  constructor(page: Page) {
    this.root = page.locator('.quick-input-widget');
    this.title = this.root.locator('.quick-input-title');
    this.input = this.root.locator('.quick-input-box input, .quick-input-filter input').first();
  }

  async waitForOpen(timeout = 30_000): Promise<void> {
    await this.input.waitFor({ state: 'visible', timeout });
  }

  /** The box while it asks this, by its placeholder. */
  asking(placeholder: RegExp): Locator {
    return this.root.getByPlaceholder(placeholder);
  }

  /** Types over what stands in the box. */
  async filter(text: string, timeout = 30_000): Promise<void> {
    await this.waitForOpen(timeout);
    await this.input.fill(text, { timeout });
  }

  row(text: string | RegExp): Locator {
    return this.root.locator('.monaco-list-row').filter({ hasText: text });
  }

  rows(): Locator {
    return this.root.locator('.monaco-list-row');
  }

  async choose(text: string | RegExp, timeout = 30_000): Promise<void> {
    await this.row(text).first().click({ timeout });
  }

  /** Types an answer into an input box and confirms it. */
  async answer(text: string): Promise<void> {
    await this.filter(text);
    await this.input.press('Enter');
  }
}
