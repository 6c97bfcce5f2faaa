import type { Locator, Page } from 'playwright-core';
import { eventually } from '../../fixtures/eventually';

/** What `goya.language` makes of the titles. */
const persian: Readonly<Record<string, string>> = {
  Models: 'مدل‌ها',
  Downloads: 'دریافت‌ها',
  Training: 'آموزش',
  'Data Sets': 'مجموعه‌داده‌ها',
};

/** One of the sidebar's trees, by its English title, whatever the language. */
export class TreeView {
  readonly pane: Locator;
  readonly header: Locator;

  constructor(page: Page, title: string) {
    const inPersian = persian[title] ?? title;
    this.header = page.locator(
      `.pane-header:is([aria-label^="${title}"], [aria-label^="\u2067${inPersian}"])`,
    );
    this.pane = page.locator('.pane').filter({ has: this.header });
  }

  /** Unfolds the view itself, when it is folded. */
  async show(): Promise<void> {
    await this.header.waitFor();
    if ((await this.header.getAttribute('aria-expanded')) === 'false') await this.header.click();
  }

  rows(): Locator {
    return this.pane.locator('.monaco-list-row');
  }

  /** The first row with this text in its label or description. */
  row(text: string | RegExp): Locator {
    return this.rows().filter({ hasText: text }).first();
  }

  /** Unfolds a row; a row that is unfolded stays so. */
  async expand(text: string | RegExp): Promise<void> {
    const row = this.row(text);
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) === 'false')
      await row.locator('.monaco-tl-twistie').click();
  }

  /** A button that shows on the row while the mouse is over it. */
  async action(text: string | RegExp, label: string): Promise<Locator> {
    const row = this.row(text);
    await row.hover();
    return row.locator(`.actions .action-label[aria-label^="${label}"]`);
  }

  /**
   * Takes an entry of the row's context menu. VS Code's menu does not hear a click in the first moments after it opened,
   * which a busy machine makes long, and it goes when something else takes the focus: then it is opened again.
   */
  async fromMenu(text: string | RegExp, label: string): Promise<void> {
    const entry = this.pane.page().locator('.context-view .action-label', { hasText: label });
    await eventually(
      async () => {
        if (!(await entry.isVisible())) await this.row(text).click({ button: 'right', timeout: 5000 });
        await entry.click({ timeout: 2000 });
        await entry.waitFor({ state: 'hidden', timeout: 1000 });
      },
      { timeoutMs: 45_000, everyMs: 200 },
    );
  }

  /** Text of an empty view, with its links. */
  welcome(): Locator {
    return this.pane.locator('.welcome-view-content');
  }
}
