import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../fixtures/eventually';
import { seriousViolations } from './axe';
import { DatasetGrid, makeDataset, removeDataset } from './datasetGrid';
import { launchBrowser } from './harness';

let browser: Browser;
let root: string;
let grid: DatasetGrid | undefined;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  root = await makeDataset();
});
afterEach(async () => {
  const problems = grid?.shown.problems ?? [];
  await grid?.shown.close();
  grid = undefined;
  await removeDataset(root);
  expect(problems).toEqual([]);
});

async function open(options = {}): Promise<DatasetGrid> {
  grid = await DatasetGrid.open(browser, root, options);
  return grid;
}

it('shows rows, what was found in them and the figures, and narrows and sorts them', async () => {
  const { page } = await open();
  expect(await page.locator('h1').innerText()).toBe('صداهای نمونه');
  expect(await grid!.row('clip0000').locator('.cell-findings').innerText()).toContain('Arabic letters');
  expect(await grid!.row('clip0003').locator('.cell-findings').innerText()).toContain('Clipped');
  expect(await page.locator('#stats').innerText()).toContain('1 min 9 s');
  await page.locator('#filter-code').selectOption('audio.missing');
  await eventually(async () => (await grid!.changes()).startsWith('16 rows shown'));
  await page.locator('#filter-code').selectOption('');
  await page.locator('#search').fill('مدرسه');
  await eventually(async () => (await grid!.changes()).startsWith('6 rows shown'));
  await page.locator('#search').fill('');
  await eventually(async () => (await grid!.changes()).startsWith('40 rows shown'));
  await page.locator('.cell-seconds .sort').click();
  await page.locator('.cell-seconds .sort').click();
  await eventually(async () => (await grid!.rows().first().locator('.cell-seconds').innerText()) === '5 s');
  expect(await page.locator('.cell-seconds[role="columnheader"]').getAttribute('aria-sort')).toBe(
    'descending',
  );
});

it('changes texts and verdicts by keyboard, takes them back, and touches no file', async () => {
  const { page } = await open();
  const before = await readFile(path.join(root, 'set', 'metadata.csv'), 'utf8');
  await grid!.focus('clip0004');
  await page.keyboard.press('Enter');
  await page.locator('.text-edit').fill('کتاب روی میز است.');
  await page.keyboard.press('Enter');
  await eventually(async () => (await grid!.text('clip0004').innerText()) === 'کتاب روی میز است.');
  await page.keyboard.press('a');
  await eventually(async () => (await grid!.changes()).includes('1 accepted'));
  await page.keyboard.press('r');
  await eventually(async () => (await grid!.changes()).includes('1 rejected'));
  // The figures come with the answer, the rows with the next one.
  await eventually(async () => (await grid!.row('clip0005').getAttribute('data-verdict')) === 'rejected');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await eventually(async () => (await grid!.changes()) === '40 rows shown');
  await page.keyboard.press('Control+Shift+z');
  await eventually(async () => (await grid!.text('clip0004').innerText()) === 'کتاب روی میز است.');
  await page.locator('#fix').selectOption('letters');
  await eventually(async () => (await grid!.changes()).includes('8 changed'));
  await eventually(
    async () => (await grid!.text('clip0000').innerText()) === 'سلام دنیا، امروز هوا آفتابی است.',
  );
  expect(await readFile(path.join(root, 'set', 'metadata.csv'), 'utf8')).toBe(before);
  expect(await page.locator('#write').getAttribute('disabled')).toBeNull();
});

it('plays a recording, and says so when one cannot be', async () => {
  const { page } = await open();
  await grid!.focus('clip0002');
  await page.keyboard.press(' ');
  await grid!.row('clip0002').locator('button[aria-label="Stop"]').waitFor();
  await page.keyboard.press(' ');
  await grid!.row('clip0002').locator('button[aria-label="Play"]').waitFor();
});

it('keeps few elements for many rows, and finds the last by keyboard', async () => {
  await removeDataset(root);
  root = await makeDataset(3000);
  const { page } = await open();
  await grid!.focus('clip0000');
  await page.keyboard.press('End');
  await grid!.row('clip2999').waitFor();
  expect(await grid!.rows().count()).toBeLessThan(60);
  expect(await page.locator('#rows').getAttribute('aria-activedescendant')).toBe('row-2999');
  expect(await grid!.row('clip2999').getAttribute('aria-rowindex')).toBe('3001');
});

it.each([
  ['dark', 'en', 1200],
  ['light', 'en', 1200],
  ['highContrast', 'en', 1200],
  ['dark', 'fa', 1200],
  ['light', 'fa', 480],
] as const)('is for everyone: %s, %s, %i px', async (theme, language, width) => {
  const { page } = await open({ theme, language, width });
  await grid!.focus('clip0001');
  await page.keyboard.press('a');
  await eventually(async () => (await grid!.row('clip0001').getAttribute('data-verdict')) === 'accepted');
  expect(await seriousViolations(page)).toEqual([]);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(wider).toBe(false);
  const folder = process.env['GOYA_SHOTS'];
  if (folder !== undefined)
    await page.screenshot({ path: path.join(folder, `dataset-${theme}-${language}-${width}.png`) });
});
