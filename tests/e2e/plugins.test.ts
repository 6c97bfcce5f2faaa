/** Training tasks of other extensions, installed beside Goya: one that works, and one whose modules fail in every way. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventually } from '../fixtures/eventually';
import { repository, useStudio } from './support/studio';

const sample = path.join(repository, 'samples', 'plugin-table-regression');
const [table, config] = await Promise.all(
  ['flats.csv', 'flats.train.json'].map((name) => readFile(path.join(sample, 'example', name))),
);

const task = (id: string, more: string): string =>
  `export default { apiVersion: 1, id: '${id}', create: ({ z }) => ({ title: 'T', description: 'D',
  data: z.strictObject({}), model: z.strictObject({}), inspect: () => [], ${more} }) };`;
const modules = {
  'throws.mjs': `throw new Error('boom at load');`,
  'hangs.mjs': 'for (;;);',
  'lacks.mjs': task('lacks', ''),
  'angry.mjs': task('angry', `prepare: () => { throw new Error('no mood to train'); }`),
};

/** An extension in a folder of its own. */
const broken = await mkdtemp(path.join(tmpdir(), 'goya-broken-'));
await mkdir(broken, { recursive: true });
for (const [name, text] of Object.entries(modules)) await writeFile(path.join(broken, name), text);
await writeFile(
  path.join(broken, 'package.json'),
  JSON.stringify({
    ...{ name: 'broken-tasks', publisher: 'someone', version: '0.1.0', engines: { vscode: '^1.100.0' } },
    goya: { plugins: Object.keys(modules).map((name) => `./${name}`) },
  }),
);
await writeFile(path.join(broken, 'README.md'), 'Tasks that fail.');
afterAll(() => rm(broken, { recursive: true, force: true }));

const result = z.object({ amounts: z.array(z.object({ name: z.string(), value: z.number() })) });
/** What the sample's prices were made by, without their noise. */
const price = ({ size, rooms, age }: Readonly<Record<'size' | 'rooms' | 'age', number>>): number =>
  20 + 1.8 * size + 12 * rooms - 0.9 * age - 0.004 * size * age;

describe('tasks of other extensions', () => {
  const studio = useStudio({
    extensions: [sample, broken],
    files: {
      'flats.csv': table ?? '',
      'flats.train.json': config ?? '',
      'angry.train.json': JSON.stringify({ task: 'angry', name: 'angry', data: {} }),
    },
    settings: {
      'editor.autoIndent': 'none',
      'editor.autoClosingBrackets': 'never',
      'editor.autoClosingQuotes': 'never',
      'editor.autoSurround': 'never',
      'editor.formatOnType': false,
    },
  });

  it('are offered for new configs, and their fields completed', async () => {
    const { page, workbench } = studio();
    await workbench.openFile('flats.train.json');
    const editor = workbench.editor();
    await editor.codeLens('Train').waitFor({ timeout: 60_000 });
    await page.locator('.explorer-folders-view').getByText('flats.csv').click({ button: 'right' });
    const item = page.locator('.monaco-menu').getByText('New Training Config');
    await item.waitFor();
    // A menu that has just opened takes no clicks yet.
    await eventually(
      async () => {
        if (await item.isVisible()) await item.click();
        return !(await item.isVisible());
      },
      { timeoutMs: 20_000 },
    );
    const pick = workbench.quickPick();
    const title = page.locator('.quick-input-title');
    await title.filter({ hasText: /what to train/ }).waitFor({ timeout: 60_000 });
    await pick.row('Table regression').first().waitFor();
    await studio().screenshot('plugins-offered');
    await pick.choose('Table regression');
    await title.filter({ hasText: /target/ }).waitFor({ timeout: 20_000 });
    await pick.choose('price');
    await title.filter({ hasText: /its name/ }).waitFor({ timeout: 20_000 });
    await pick.answer('priced');
    await workbench.tab('priced.train.json').waitFor({ timeout: 20_000 });
    const text = await readFile(studio().at('priced.train.json'), 'utf8');
    expect(text).toContain('"task": "table-regression"');
    expect(text).toContain('"target": "price"');
    await editor.codeLens('Train').waitFor({ timeout: 60_000 });
    expect(await editor.errors().count()).toBe(0);

    await editor.replaceAll('{ "task": "table-regression", "data": { "path": "flats.csv", "" } }');
    const offered = (field: string) => editor.suggestions().filter({ hasText: field }).first();
    // Notices of the plugins that fail come meanwhile and may take the focus.
    await eventually(
      async () => {
        await editor.clickBehind('"flats.csv", "');
        await editor.suggest();
        await offered('target').waitFor({ timeout: 5_000 });
        return true;
      },
      { timeoutMs: 60_000 },
    );
    await offered('validation').waitFor({ timeout: 20_000 });
    await page.keyboard.press('Escape');
  });

  it('train from their configs, and their models answer amounts in the playground', async () => {
    const { workbench } = studio();
    const editor = await workbench.openFile('flats.train.json');
    await editor.codeLens('Train').click({ timeout: 60_000 });
    const dashboard = workbench.webview();
    await dashboard.locator('#run-state[data-state="completed"]').waitFor({ timeout: 120_000 });
    // Figures of its own, under the names that it gave them.
    await dashboard.locator('.report-figures dt').filter({ hasText: 'val_mae' }).waitFor();
    await studio().screenshot('plugins-dashboard');

    await dashboard.locator('#try').click();
    const playground = workbench.webview();
    const flat = { size: 100, rooms: 3, age: 10 };
    for (const [column, value] of Object.entries(flat)) {
      const field = playground.locator(`[data-column="${column}"]`);
      await field.waitFor({ timeout: 60_000 });
      await field.locator('input').fill(String(value));
    }
    await playground.locator('#compare').click();
    await playground.locator('#run').click();
    const amountIn = async (output: string): Promise<number> => {
      const text = await eventually(
        async () => (await playground.locator(`output[${output}]`).textContent()) || false,
        { timeoutMs: 60_000 },
      );
      const [amount] = result.parse(JSON.parse(text)).amounts;
      expect(amount?.name).toBe('price');
      return amount?.value ?? NaN;
    };
    const here = await amountIn('data-result');
    expect(Math.abs(here - price(flat))).toBeLessThan(20);
    // The backend computes in another engine's order of sums.
    expect(Math.abs((await amountIn('data-backend-result')) - here)).toBeLessThan(0.01);
    const shown = await playground.locator('[data-amount="price"]').first().textContent();
    expect(Math.abs(Number(shown) - here)).toBeLessThan(1);
    await studio().screenshot('plugins-amounts');
  });

  it('say which plugin brings nothing and why, and hurt only themselves', async () => {
    const { workbench } = studio();
    await workbench.run('Notifications: Show Notifications');
    for (const [name, reason] of [
      ['throws.mjs', 'boom at load'],
      ['hangs.mjs', 'did not answer within'],
      ['lacks.mjs', 'prepare'],
    ] as const) {
      const notice = workbench.notification(`The plugin ${name} of the extension someone.broken-tasks`);
      await notice.waitFor({ timeout: 60_000 });
      expect(await notice.textContent()).toContain(reason);
    }
    await studio().screenshot('plugins-broken');
    await workbench.run('Notifications: Clear All Notifications');
    const editor = await workbench.openFile('angry.train.json');
    await editor.codeLens('Train').click({ timeout: 60_000 });
    const failure = workbench.webview().locator('.run-failure');
    await failure.filter({ hasText: 'The task angry failed: no mood to train' }).waitFor({ timeout: 60_000 });
  });
});
