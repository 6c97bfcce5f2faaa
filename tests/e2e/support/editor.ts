import type { Locator, Page } from 'playwright-core';

/** The text editor in front. */
export class Editor {
  readonly root: Locator;

  constructor(private readonly page: Page) {
    this.root = page.locator('.editor-instance .monaco-editor').first();
  }

  lines(): Locator {
    return this.root.locator('.view-line');
  }

  /** Puts the cursor behind this text. */
  async clickBehind(text: string): Promise<void> {
    await this.root.locator('.view-lines').waitFor();
    await this.page.keyboard.press('ControlOrMeta+f');
    const find = this.root.locator('.find-widget textarea[aria-label="Find"]');
    await find.fill(text);
    await find.press('Enter');
    await this.page.keyboard.press('Escape');
    await this.page.keyboard.press('ArrowRight');
  }

  /** Types at the cursor, key by key, as a person does. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: 15 });
  }

  /** Replaces everything by pasting. */
  async replaceAll(text: string): Promise<void> {
    await this.root.locator('.view-lines').click();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.insertText(text);
  }

  async save(): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+s');
  }

  errors(): Locator {
    return this.root.locator('.squiggly-error');
  }

  warnings(): Locator {
    return this.root.locator('.squiggly-warning');
  }

  codeLens(text: string | RegExp): Locator {
    return this.root.locator('.codelens-decoration a').filter({ hasText: text }).first();
  }

  suggestions(): Locator {
    return this.root.page().locator('.suggest-widget.visible .monaco-list-row');
  }

  async suggest(): Promise<void> {
    await this.page.keyboard.press('Control+Space');
  }
}
