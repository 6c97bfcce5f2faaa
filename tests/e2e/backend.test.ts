import { describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually';
import { descendants } from './support/processes';
import { useStudio } from './support/studio';

/** The backend's command line, whatever the folder of the installed extension is called. */
const entry = 'dist/backend/main.js';

describe('a backend that dies', () => {
  const studio = useStudio({}, async ({ hub }) => {
    await hub.add('goya-test/still-here', { 'config.json': '{}' }, { tags: ['fa'], downloads: 1 });
  });

  it('is started again, and the views go on', async () => {
    const { workbench, pid } = studio();
    await workbench.openSidebar();
    await workbench.tree('Downloads').show();
    const first = await eventually(async () => (await descendants(pid, entry))[0] ?? false, {
      timeoutMs: 30_000,
    });
    process.kill(first.pid, 'SIGKILL');
    const second = await eventually(
      async () => (await descendants(pid, entry)).find((one) => one.pid !== first.pid) ?? false,
      { timeoutMs: 30_000 },
    );
    expect(second.pid).not.toBe(first.pid);
    await workbench.run('Goya: Search Models');
    await workbench.quickPick().row('goya-test/still-here').waitFor({ timeout: 30_000 });
  });
});
