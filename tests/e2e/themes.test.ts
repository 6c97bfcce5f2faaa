import { describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually';
import { useStudio, type Studio } from './support/studio';

const themes = [
  ['dark', 'Dark Modern', 'vs-dark'],
  ['light', 'Light Modern', 'vs'],
  ['high contrast', 'Dark High Contrast', 'hc-black'],
] as const;

async function openPages({ workbench }: Studio): Promise<void> {
  await workbench.openSidebar();
  for (const title of ['Goya: Open Playground', 'Goya: Open Dashboard']) {
    await workbench.run(title);
    await workbench.webview().locator('h1').first().waitFor({ timeout: 60_000 });
  }
}

describe('in every look', () => {
  const studio = useStudio({ samples: true });

  it.each(themes)('%s', async (name, theme, className) => {
    const { workbench, page } = studio();
    await workbench.runAndChoose('Preferences: Color Theme', /Color Theme/, theme);
    await page.locator(`.monaco-workbench.${className}`).waitFor({ timeout: 30_000 });
    await openPages(studio());
    const color = await workbench.webview().locator('body').getAttribute('data-vscode-theme-kind');
    expect(color).toBe(
      { vs: 'vscode-light', 'vs-dark': 'vscode-dark', 'hc-black': 'vscode-high-contrast' }[className],
    );
    await studio().screenshot(`look-${name}`);
  });

  it('Persian', async () => {
    const { workbench } = studio();
    await studio().set({ 'goya.language': 'fa' });
    await studio().open();
    await openPages(studio());
    const html = workbench.webview().locator('html');
    await eventually(async () => (await html.getAttribute('dir')) === 'rtl', { timeoutMs: 60_000 });
    expect(await html.getAttribute('lang')).toBe('fa');
    await workbench.tree('Models').rows().first().waitFor({ timeout: 60_000 });
    // The page has its words and its data, not only its direction.
    await eventually(async () => /[آ-ی]/.test(await workbench.webview().locator('h1').first().innerText()));
    await studio().screenshot('look-persian');
  });
});
