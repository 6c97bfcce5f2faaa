/** The themes that VS Code comes with, taken on while pages are open, and pictures of a window in each of them. */
import { eventually } from '../../fixtures/eventually';
import type { Studio } from './studio';

export const looks = [
  { name: 'dark', label: 'Dark Modern', workbench: 'vs-dark', page: 'vscode-dark' },
  { name: 'light', label: 'Light Modern', workbench: 'vs', page: 'vscode-light' },
  {
    name: 'contrast-dark',
    label: 'Dark High Contrast',
    workbench: 'hc-black',
    page: 'vscode-high-contrast',
  },
  {
    name: 'contrast-light',
    label: 'Light High Contrast',
    workbench: 'hc-light',
    page: 'vscode-high-contrast-light',
  },
] as const;

export type Look = (typeof looks)[number];

const patience = { timeoutMs: 30_000, everyMs: 50 };

/** Puts the window into a look by VS Code's own picker, which needs no reload. */
export async function putOn({ workbench, page }: Studio, look: Look): Promise<void> {
  const worn = page.locator(`.monaco-workbench.${look.workbench}`);
  await eventually(async () => {
    if (await worn.isVisible()) return true;
    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.press('ControlOrMeta+t');
    const pick = workbench.quickPick();
    await pick.asking(/Color Theme/).waitFor({ timeout: 3_000 });
    await pick.input.fill(look.label, { timeout: 2_000 });
    await worn.waitFor({ timeout: 5_000 });
    await pick.input.press('Enter', { timeout: 2_000 });
    await pick.root.waitFor({ state: 'hidden', timeout: 5_000 });
    return true;
  }, patience);
  if ((await page.locator('iframe.webview.ready:visible').count()) === 0) return;
  const body = workbench.webview().locator('body');
  await eventually(async () => (await body.getAttribute('data-vscode-theme-kind')) === look.page, patience);
}
