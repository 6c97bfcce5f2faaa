import { describe, expect, inject, it } from 'vitest';
import { useStudio } from './support/studio';

describe('a fresh window', () => {
  const studio = useStudio({ samples: true });

  it('shows the sidebar with its four views, each with its next step', async () => {
    const { workbench } = studio();
    await workbench.openSidebar();
    for (const title of ['Models', 'Downloads', 'Training', 'Data Sets']) await workbench.tree(title).show();
    for (const title of ['Downloads', 'Training', 'Data Sets'])
      await workbench.tree(title).welcome().waitFor();
    await workbench.tree('Models').row('Installed').waitFor();
    await workbench.tree('Models').row('Curated').waitFor();
    await studio().screenshot('sidebar-empty');
  });

  // How long it takes is measured by `npm run bench -- studio`: a test on a busy machine cannot tell.
  it('activates, and VS Code says how long it took', async () => {
    const { workbench, page } = studio();
    await workbench.openSidebar();
    await workbench.run('Developer: Show Running Extensions');
    const row = page.locator('.runtime-extensions-editor .monaco-list-row').filter({ hasText: 'Goya' });
    await row.locator('.activation-time', { hasText: /\d+\s*ms/ }).waitFor();
  });

  it('ships a small package', () => {
    expect(inject('vsix').size).toBeLessThan(15_000_000);
  });
});
