import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeWav } from '../../ml/audio/wavWriter';
import { eventually } from '../fixtures/eventually';
import { useStudio } from './support/studio';

const table = 'file,text\na.wav,كتاب علي\nabsent.wav,دوم\nb.wav,سلام\nc.wav,سلام\n';
const clip = (hertz: number): Buffer =>
  Buffer.from(
    writeWav({
      sampleRate: 16_000,
      channels: [
        Float32Array.from({ length: 16_000 }, (_, i) => 0.3 * Math.sin((i * hertz * 2 * Math.PI) / 16_000)),
      ],
    }),
  );
const parquet = path.resolve(import.meta.dirname, '../fixtures/parquet');
/** The same with its texts in a column of no usual name. */
async function strange(name: string): Promise<Buffer> {
  const bytes = await readFile(path.join(parquet, `${name}.parquet`), 'latin1');
  return Buffer.from(bytes.replaceAll('sentence', 'loudread'), 'latin1');
}
const patience = { timeoutMs: 60_000, everyMs: 200 };

describe('data sets', () => {
  const studio = useStudio(
    {
      files: { 'rows.csv': table, 'a.wav': clip(300), 'b.wav': clip(400), 'c.wav': clip(500) },
      settings: { 'files.autoSave': 'off' },
    },
    async ({ hub }) => {
      const shards = ['test-00000-of-00001', 'train-00000-of-00002', 'train-00001-of-00002'];
      const file = (name: string) => [
        `data/${name}.parquet`,
        { file: path.join(parquet, `${name}.parquet`) },
      ];
      await hub.add(
        'goya-test/speech',
        Object.fromEntries(shards.map(file)) as Record<string, { file: string }>,
      );
      await hub.add('goya-test/strange', { 'test.parquet': await strange('test-00000-of-00001') });
    },
  );
  const saved = () => readFile(studio().at('rows.csv'), 'utf8');

  it('are inspected into the Problems panel, each finding on its line', async () => {
    const { workbench } = studio();
    await workbench.openSidebar();
    await workbench.openFile('rows.csv');
    await workbench.run('Goya: Inspect Data Set');
    await workbench.quickPick().choose('A File…');
    await workbench.fileDialog().choose(studio().at('rows.csv'));
    const problems = await workbench.problems();
    const found = (text: RegExp) => problems.filter({ hasText: text }).first().waitFor({ timeout: 60_000 });
    await found(/absent\.wav: The file does not exist.*\[Ln 3, /);
    await found(/Arabic.*\[Ln 2, /);
    await found(/has the text of.*\[Ln 5, /);
    // The report takes the place of the editor when it comes.
    await workbench.tab('Preview rows.csv.md').waitFor({ timeout: 60_000 });
    await studio().screenshot('dataset-problems');
    expect(await saved()).toBe(table);
  });

  it('are mended by a quick fix, which undo takes back, and written only when saved', async () => {
    const { workbench, page } = studio();
    const editor = await workbench.openFile('rows.csv');
    // Monaco draws a space as one that does not break.
    const shown = async () => (await editor.lines().allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
    const shows = (text: string) => eventually(async () => (await shown()).includes(text), patience);
    const fix = page.locator('.action-widget .monaco-list-row', {
      hasText: 'Use Persian letters in this row',
    });
    // An editor that was just opened may not have its findings yet, and then has nothing to mend.
    await eventually(async () => {
      await editor.clickBehind('a.wav');
      await page.keyboard.press('Control+.');
      await fix.waitFor({ timeout: 5_000 });
    }, patience);
    await studio().screenshot('dataset-quick-fix');
    await page.keyboard.press('Enter');
    await shows('کتاب علی');
    expect(await saved()).toBe(table);
    await editor.clickBehind('a.wav');
    await page.keyboard.press('Control+z');
    await shows('كتاب علي');
    expect(await saved()).toBe(table);
  });

  it('come from the hub: found, a part of it chosen, into a folder of its own', async () => {
    const { workbench } = studio();
    const pick = workbench.quickPick();
    await workbench.run('Goya: Import Data Set from Hub');
    await pick.filter('spee');
    await pick.choose('goya-test/speech');
    await pick.row(/^train/).waitFor({ timeout: 60_000 });
    await studio().screenshot('dataset-hub-parts');
    await pick.choose(/^train/);
    await pick.choose('All rows');
    await workbench.fileDialog().choose(studio().workspace);
    await workbench.tree('Data Sets').row('speech').waitFor({ timeout: 60_000 });
    await workbench.webview().locator('[role="row"], .row').first().waitFor({ timeout: 60_000 });
    await studio().screenshot('dataset-from-hub');
    expect(await readdir(studio().at('speech-train'))).toEqual(expect.arrayContaining(['audio', 'rows.csv']));
  });

  it('ask which column has the texts, where that cannot be told', async () => {
    const { workbench } = studio();
    const pick = workbench.quickPick();
    await workbench.run('Goya: Import Data Set from Hub');
    await pick.filter('goya-test/strange');
    // The list is drawn anew while it searches: a click may meet a row that is just going.
    await eventually(async () => {
      if (!(await pick.row(/^test/).isVisible())) await pick.choose('goya-test/strange', 2_000);
      await pick.row(/^test/).waitFor({ timeout: 5_000 });
    }, patience);
    await pick.choose(/^test/);
    await pick.choose('All rows');
    await workbench.fileDialog().choose(studio().workspace);
    await pick.row('loudread').waitFor({ timeout: 60_000 });
    await studio().screenshot('dataset-hub-column');
    await pick.choose('loudread');
    await eventually(
      async () =>
        (await readFile(studio().at('strange-test', 'rows.csv'), 'utf8').catch(() => '')).length > 60,
      patience,
    );
    expect(await readFile(studio().at('strange-test', 'rows.csv'), 'utf8')).toMatch(/\.wav,[^,]+,/);
  });
});
