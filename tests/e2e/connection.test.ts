import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually';
import { useStudio } from './support/studio';

const patience = { timeoutMs: 60_000, everyMs: 100 };

describe('the way to the hub', () => {
  const studio = useStudio(
    {
      // Nobody listens there; the hub that the environment names does, and no other is asked.
      settings: { 'goya.hub.endpoint': 'http://127.0.0.1:9' },
      env: { GOYA_HUB_MIRRORS: '' },
      hub: { tokens: { hf_good: { name: 'sara', role: 'read' } } },
    },
    async ({ hub }) => {
      await hub.add('goya-test/voice', { 'model.safetensors': 'weights' }, { downloads: 1 });
    },
  );

  it('is examined, and one that works is taken with a click', async () => {
    const { workbench, hub } = studio();
    const report = workbench.webview();
    await workbench.run('Goya: Check Connection');
    const offer = workbench.notification('The hub cannot be reached as configured.');
    await offer.waitFor({ timeout: 60_000 });
    expect(await offer.textContent()).toContain(`${new URL(hub.url).host} answers.`);
    await report.locator('h1:has-text("Connection Check")').waitFor({ timeout: 60_000 });
    await report.text('127.0.0.1:9 cannot be reached: it refuses the connection.').waitFor();
    await studio().screenshot('connection-refused');

    await offer.getByRole('button', { name: 'Use This Way' }).click();
    const settings = path.join(studio().profile, 'User/settings.json');
    await eventually(async () => (await readFile(settings, 'utf8')).includes(hub.url), patience);
    await workbench.notification('is asked from now on, without your token').waitFor();
    await workbench.run('Goya: Check Connection');
    await report.text('Everything works').waitFor({ timeout: 60_000 });
    await studio().screenshot('connection-works');
  });

  it('carries a token that the hub knows, until it is forgotten', async () => {
    const { workbench, hub } = studio();
    await workbench.run('Goya: Set Hugging Face Token');
    const pick = workbench.quickPick();
    await pick.asking(/hf_/).waitFor();
    await pick.answer('hf_bad');
    await pick.root.getByText('The hub does not know this token').first().waitFor();
    await pick.answer('hf_good');
    await workbench.notification('You are sara on the hub; the token may read.').waitFor();
    expect(hub.requests.some(({ headers }) => headers.authorization === 'Bearer hf_good')).toBe(true);
    await studio().screenshot('token');

    await workbench.run('Goya: Forget Token');
    await workbench.notification('The token is forgotten.').waitFor();
  });

  it('is told in Persian from right to left', async () => {
    const { workbench, hub } = studio();
    await studio().set({ 'goya.hub.endpoint': hub.url, 'goya.language': 'fa' });
    await eventually(() => remembers(studio().page, 'goya-report'), { timeoutMs: 90_000, everyMs: 500 });
    await studio().open();
    const report = workbench.webview();
    // The tab of the earlier window has no report any more, and says so.
    await report.text('این گزارش پیش از').waitFor({ timeout: 60_000 });
    await workbench.run('Goya: Check Connection');
    await report.text('همه‌چیز کار می‌کند').waitFor({ timeout: 60_000 });
    // The first column is the right one.
    const right = report.locator('table').first().locator('tbody tr').first().locator('td').last();
    expect(await right.textContent()).toContain('✓');
    await studio().screenshot('connection-persian');
  });
});

/** Whether the editor has written down what is open: it does so every few seconds, and a window that is loaded before forgets. */
function remembers(page: Page, text: string): Promise<boolean> {
  return page.evaluate(async (wanted) => {
    const answer = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('no answer'));
      });
    for (const { name } of await indexedDB.databases()) {
      if (name?.startsWith('vscode-web-state-db') !== true) continue;
      const database = await answer(indexedDB.open(name));
      try {
        if (!database.objectStoreNames.contains('ItemTable')) continue;
        const values: unknown[] = await answer(
          database.transaction('ItemTable').objectStore('ItemTable').getAll(),
        );
        if (values.some((value) => typeof value === 'string' && value.includes(wanted))) return true;
      } finally {
        database.close();
      }
    }
    return false;
  }, text);
}
