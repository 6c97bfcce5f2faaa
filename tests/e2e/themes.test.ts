import { describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually';
import { useStudio } from './support/studio';

const themes = [
  ['dark', 'Default Dark Modern', 'vs-dark'],
  ['light', 'Default Light Modern', 'vs'],
  ['high-contrast', 'Default High Contrast', 'hc-black'],
] as const;

describe('in every look', () => {
  const studio = useStudio({ samples: true });

  it.each(themes)('%s', async (name, colorTheme, className) => {
    const { workbench, page } = studio();
    await studio().set({ 'workbench.colorTheme': colorTheme });
    await page.locator(`.monaco-workbench.${className}`).waitFor({ timeout: 30_000 });
    await workbench.openSidebar();
    await workbench.run('Goya: Open Dashboard');
    await workbench.webview().locator('#app').waitFor({ timeout: 30_000 });
    await workbench.run('Goya: Open Playground');
    await workbench.webview().locator('#app').waitFor({ timeout: 30_000 });
    await studio().screenshot(`look-${name}`);
  });

  it('Persian', async () => {
    const { workbench } = studio();
    await studio().set({ 'goya.language': 'fa' });
    await workbench.run('Developer: Reload Window');
    await workbench.ready();
    await workbench.openSidebar();
    await workbench.run('Goya: Open Dashboard');
    const html = workbench.webview().locator('html');
    await eventually(async () => (await html.getAttribute('dir')) === 'rtl', { timeoutMs: 60_000 });
    expect(await html.getAttribute('lang')).toBe('fa');
    await studio().screenshot('look-persian');
  });
});
