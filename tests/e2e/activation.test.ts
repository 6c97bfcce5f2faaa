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

  it('activates within 50 ms of our own code', async () => {
    const { workbench, page } = studio();
    // A busy machine can only make it slower: the least of a few windows is what our code takes.
    const taken: number[] = [];
    while (taken.length < 5 && Math.min(...taken) >= 50) {
      if (taken.length > 0) await studio().open();
      await workbench.openSidebar();
      await workbench.run('Developer: Show Running Extensions');
      const row = page.locator('.runtime-extensions-editor .monaco-list-row').filter({ hasText: 'Goya' });
      const text = await row.locator('.activation-time').innerText();
      taken.push(Number(/(\d+)\s*ms/.exec(text)?.[1]));
    }
    expect(Math.min(...taken), taken.join(', ')).toBeLessThan(50);
  });

  it('ships a small package', () => {
    expect(inject('vsix').size).toBeLessThan(15_000_000);
  });
});
