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
  await workbench.run('Goya: Open Dashboard');
  await workbench.webview().locator('#app').waitFor({ timeout: 60_000 });
  await workbench.run('Goya: Open Playground');
  await workbench.webview().locator('#app').waitFor({ timeout: 60_000 });
}

describe('in every look', () => {
  const studio = useStudio({ samples: true });

  it.each(themes)('%s', async (name, theme, className) => {
    const { workbench, page } = studio();
    await workbench.run('Preferences: Color Theme');
    const pick = workbench.quickPick();
    await pick.filter(theme);
    await pick.choose(theme);
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
    await studio().screenshot('look-persian');
  });
});
