/** The evaluation of a finished run, read from the files beside its model. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { errorRates } from '../../../backend/plugins/grapheme-to-phoneme/evaluate';
import { seriousViolations } from './axe';
import { FakeRuns, fakePoints, fakeRun } from './fakeRuns';
import { launchBrowser, openPage, type OpenOptions, type OpenPage } from './harness';
import { prepareTensors, writeTabular, writeText } from './modelFolders';
import { glide } from './sounds';

let browser: Browser;
let open: OpenPage | undefined;
let folder: string;
beforeAll(async () => {
  await prepareTensors();
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'goya-report-'))));
afterEach(async () => {
  const problems = open?.problems ?? [];
  await open?.close();
  open = undefined;
  await rm(folder, { recursive: true, force: true });
  expect(problems).toEqual([]);
});

const writeReport = (report: object): Promise<void> =>
  writeFile(path.join(folder, 'out', 'report.json'), JSON.stringify({ epoch: 3, ...report }));

async function finished(options: Partial<OpenOptions> = {}) {
  const fake = new FakeRuns();
  fake.add(fakeRun({ state: 'completed', progress: 1, outputPath: '/out' }), fakePoints(40, 40));
  open = await openPage(browser, {
    page: 'training',
    input: () => ({ runIds: [] }),
    panel: fake.serve,
    folders: { ws: folder },
    ...options,
  });
  const report = open.page.locator('.report');
  await report.locator('table').first().waitFor();
  return { page: open.page, report };
}

const rows = (table: string) => `.card[aria-label^="${table}"] tbody tr`;

const said = ([word = '', stem = '', is = '', heard = '']: readonly string[], i: number) => ({
  entry: { line: i + 1, word, letters: Array.from(word), stem, phonemes: is.split(' ') },
  phonemes: heard.split(' '),
});
/** Four words, of which the model says two wrong; two others were withheld, and another program was measured. */
const spoken = errorRates(
  [
    ['کتاب', 'ک', 'k e t A b', 'k e t A b'],
    ['گل', 'گ', 'g o l', 'g e l'],
    ['گلاب', 'گ', 'g o l A b', 'g l A b'],
    ['آب', 'آ', 'A b', 'A b'],
  ].map(said),
  ['∅', 'A', 'b', 'e', 'g', 'k', 'l', 'o', 't'],
  0.3,
  {
    withheld: [
      ['بت', 'ب', 'b o t', 'b o t'],
      ['بتک', 'ب', 'b o t a k', 'b o t k'],
    ].map(said),
    reference: {
      name: 'Phonetisaurus (joint 8-gram)',
      validation: { per: 0.25, wer: 0.5 },
      withheld: { per: 0.4, wer: 0.75, stemPer: 0.5, stemWer: 0.8 },
    },
  },
).report;

const mistakes = [
  { text: 'گلرخ، با فاصله', label: 'زن', predicted: 'مرد', score: 0.981, line: 12 },
  { audioPath: '/yes.wav', label: 'مرد', predicted: 'زن', score: 0.62 },
];

describe('the evaluation on the dashboard', () => {
  it('shows counts, labels and figures of a model without mistakes', async () => {
    await writeTabular(path.join(folder, 'out'));
    await writeReport({ mistakes: [] });
    const { page, report } = await finished();
    const matrix = page.locator('.confusion');
    expect(await matrix.locator('td.hit').allTextContents()).toEqual(['9', '9', '9']);
    expect(await matrix.locator('th[scope="col"]').allTextContents()).toEqual([
      'setosa',
      'versicolor',
      'virginica',
    ]);
    expect(await matrix.locator('td.miss').first().getAttribute('title')).toBe('versicolor → setosa: 1');
    const text = await report.textContent();
    expect(text).toContain('93.1% of 29 validation examples right.');
    expect(text).toContain('Validation accuracy96.7%');
    expect(text).toContain('Every validation example was right.');
    expect(await page.locator(rows('Each label')).count()).toBe(3);
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('lists the mistakes, each in its own direction, with their sounds', async () => {
    await writeText(path.join(folder, 'out'));
    await writeReport({ mistakes });
    await writeFile(path.join(folder, 'yes.wav'), glide(0.3));
    const { page } = await finished();
    const list = page.locator(rows('Mistakes'));
    expect(await list.allTextContents()).toEqual(['گلرخ، با فاصلهزنمرد98.1%12', 'yes.wavمردزن62%–']);
    const direction = (at: number): Promise<string> =>
      list
        .nth(at)
        .locator('th bdi')
        .evaluate((one) => getComputedStyle(one).direction);
    expect([await direction(0), await direction(1)]).toEqual(['rtl', 'ltr']);
    await list.nth(1).locator('.player vscode-button').click();
    await page.locator('.player vscode-button[aria-pressed="true"]').waitFor();
  });

  it('says where pronunciations differ, and what is taken for what', async () => {
    await writeText(path.join(folder, 'out'));
    await writeReport(spoken ?? {});
    const { page, report } = await finished();
    expect(await report.textContent()).toContain('Measured on 4 validation words of 3 stems.');
    expect(await report.textContent()).toContain('2 words of 1 stems were withheld');
    const beside = page.locator(rows('Error rates'));
    expect(await beside.allTextContents()).toEqual([
      'ValidationThis model413.33%50%8.33%33.33%',
      'ValidationPhonetisaurus (joint 8-gram)–25%50%––',
      'WithheldThis model212.5%50%12.5%50%',
      'WithheldPhonetisaurus (joint 8-gram)–40%75%50%80%',
    ]);
    const words = page.locator(rows('Words'));
    expect(await words.allTextContents()).toEqual(['گلg o lg e l', 'گلابg o l A bg ∅ l A b']);
    expect(await words.locator('mark').allTextContents()).toEqual(['e', '∅']);
    expect(await page.locator(rows('Phonemes')).allTextContents()).toEqual(
      expect.arrayContaining(['o∅1', 'oe1']),
    );
    expect(await page.locator(rows('The hardest')).first().textContent()).toBe('گ225%100%');
    expect(await page.locator('.confusion tbody tr').count()).toBe(9);
  });

  it.each([
    ['dark', 'en', 1200],
    ['light', 'en', 1200],
    ['highContrast', 'en', 1200],
    ['dark', 'fa', 1200],
    ['dark', 'fa', 320],
  ] as const)('can be read by everyone: %s, %s, %i px', async (theme, language, width) => {
    await writeText(path.join(folder, 'out'));
    for (const [name, report] of Object.entries({ mistakes: { mistakes }, words: spoken ?? {} })) {
      await writeReport(report);
      const { page } = await finished({ theme, language, width });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(await seriousViolations(page)).toEqual([]);
      if (process.env['GOYA_SHOTS'] !== undefined)
        await page.screenshot({
          fullPage: true,
          path: path.join(process.env['GOYA_SHOTS'], `report-${name}-${theme}-${language}-${width}.png`),
        });
      await open?.close();
      open = undefined;
    }
  });
});
