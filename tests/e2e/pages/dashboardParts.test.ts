/** The dashboard's parts beside its charts: system, checkpoints on the axis, hyper-parameters, samples, exports. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EpochSamples, MetricPoint } from '../../../protocol/model/run';
import type { SamplePictures } from '../../../protocol/model/samplePictures';
import { eventually } from '../../fixtures/eventually';
import { seriousViolations } from './axe';
import { FakeRuns, fakeCheckpoints, fakePoints, fakeRun, start } from './fakeRuns';
import { launchBrowser, openPage, type OpenOptions, type OpenPage } from './harness';
import { glide } from './sounds';

let browser: Browser;
let open: OpenPage | undefined;
let folder: string;
beforeAll(async () => {
  browser = await launchBrowser();
  folder = await mkdtemp(path.join(tmpdir(), 'goya-dashboard-'));
  await writeFile(path.join(folder, 'yes.wav'), glide(0.5));
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  const problems = open?.problems ?? [];
  await open?.close();
  open = undefined;
  expect(problems).toEqual([]);
});

const epochs: EpochSamples[] = [1, 2, 3].map((epoch) => ({
  epoch,
  items: [
    {
      audioPath: '/yes.wav',
      input: 'yes.wav',
      truth: 'yes',
      predicted: epoch > 1 ? 'yes' : 'no',
      score: 0.75,
    },
    { input: 'کتاب را خواند', truth: 'خوب', predicted: epoch > 2 ? 'خوب' : 'بد', score: 0.5 },
    { input: 'third', truth: 'a', predicted: 'b' },
  ],
}));

function systemPoints(count: number): MetricPoint[] {
  return Array.from({ length: count }, (_, i) => [
    { name: 'system/cpu', value: 150 + (i % 40) },
    { name: 'system/rss', value: 400e6 + i * 1e6 },
    { name: 'system/overhead', value: 0.5 },
  ]).flatMap((values, i) =>
    values.map((one) => ({
      ...one,
      step: (i + 1) * 4,
      epoch: 0,
      at: new Date(start + (i + 1) * 200).toISOString(),
    })),
  );
}

/** Two runs that differ in a hyper-parameter; the newer one has everything that a dashboard shows. */
async function dashboard(options: Partial<OpenOptions> = {}) {
  const fake = new FakeRuns();
  const config = {
    task: 'audio-classification',
    training: { epochs: 30, optimizer: { learningRate: 0.001 } },
  };
  const first = fake.add(
    fakeRun({
      name: 'first',
      createdAt: '2026-11-19T00:00:00Z',
      config: { ...config, training: { ...config.training, optimizer: { learningRate: 0.01 } } },
    }),
    fakePoints(120, 40, 2),
  );
  const run = fakeRun({
    config,
    etaSeconds: 130,
    system: { cpuPercent: 187, rssBytes: 512e6, heapBytes: 1e6, tensors: 80, tensorBytes: 1e6 },
  });
  fake.add(run, [...fakePoints(120, 40), ...systemPoints(30)], fakeCheckpoints(run, 40, 3, 2));
  fake.samples.set(run.id, epochs);
  open = await openPage(browser, {
    page: 'training',
    input: () => ({ runIds: [run.id] }),
    panel: fake.serve,
    folders: { ws: folder },
    ...options,
  });
  await open.page.locator('.samples').waitFor();
  return { fake, run, first, page: open.page, shown: open };
}

describe('the parts of the dashboard', () => {
  it('show speed and system figures in their units, apart from what is learned', async () => {
    const { page } = await dashboard();
    const metrics = (group: string): Promise<(string | null)[]> =>
      page
        .locator(`section[aria-labelledby="charts-${group}"] .chart`)
        .evaluateAll((charts) => charts.map((chart) => chart.getAttribute('data-metric')));
    expect(await metrics('quality')).toEqual(['loss', 'accuracy']);
    expect(await metrics('speed')).toEqual(['learning_rate', 'steps_per_second']);
    expect(await metrics('system')).toEqual(['system/cpu', 'system/rss', 'system/overhead']);
    const value = (metric: string) => page.locator(`[data-metric="${metric}"] .legend output`).textContent();
    expect(await value('system/cpu')).toBe('179%');
    expect(await value('system/rss')).toBe('429.0 MB');
    // The points are 50 ms apart.
    expect(await value('steps_per_second')).toBe('20');
    const facts = await page.locator('.facts').textContent();
    expect(facts).toContain('187%');
    expect(facts).toContain('512.0 MB');
    expect(facts).toContain('2 min 10 s');
  });

  it('open a checkpoint on the axis, by mouse and by keyboard', async () => {
    const { page, fake, run } = await dashboard();
    const marks = page.locator('[data-metric="loss"] .mark > button');
    expect(await marks.count()).toBe(3);
    await marks.nth(0).hover();
    const card = page.locator('.mark-card');
    expect(await card.locator('p').textContent()).toContain('Checkpoint of epoch 1 · step 40');
    await page.mouse.move(5, 5);
    await card.waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Best checkpoint, of epoch 2' }).first().focus();
    await card.waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await eventually(() => fake.commands.length === 2);
    const argument = { id: fake.checkpoints.get(run.id)?.[1]?.id, runId: run.id };
    expect(fake.commands).toEqual([
      { command: 'goya.checkpoints.try', args: [argument] },
      { command: 'goya.checkpoints.reveal', args: [argument] },
    ]);
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'detached' });
  });

  it('tell where the hyper-parameters of compared runs differ, not by colour alone', async () => {
    const { page, first } = await dashboard();
    await page.locator(`[data-run="${first.id}"] vscode-checkbox`).click();
    const rows = page.locator('.hyper tbody tr');
    await page.locator('.hyper tr.differs').waitFor();
    expect(await rows.count()).toBe(3);
    const differing = page.locator('.hyper tr.differs');
    expect(await differing.allTextContents()).toEqual(['≠training.optimizer.learningRate, differs0.0010.01']);
    await page.locator('#hyper-differing').click();
    await eventually(async () => (await rows.count()) === 1);
  });

  it('follow the newest samples, go back to earlier ones, and play their sound', async () => {
    const { page, fake, run } = await dashboard();
    const results = page.locator('.samples tbody tr');
    const words = (): Promise<string[]> => results.locator('td:last-child').allTextContents();
    expect(await words()).toEqual(['right', 'right', 'wrong']);
    const slider = page.locator('#sample-epoch');
    await slider.fill('0');
    await eventually(async () => (await words()).join() === 'wrong,wrong,wrong');
    expect(await slider.getAttribute('aria-valuetext')).toBe('epoch 1');
    expect(await page.locator('.samples').textContent()).toContain('0 of 3 right');

    // Another epoch arrives: what was chosen stays.
    fake.samples.set(run.id, [...epochs, { epoch: 13, items: epochs[2]!.items }]);
    fake.change(run.id, { epoch: 13 });
    await eventually(async () => (await slider.getAttribute('max')) === '3');
    expect(await words()).toEqual(['wrong', 'wrong', 'wrong']);

    const play = page.locator('.player vscode-button');
    await play.click();
    await page.locator('.player vscode-button[aria-pressed="true"]').waitFor();
    // It plays to its end.
    await page.locator('.player vscode-button[aria-pressed="false"]').waitFor({ timeout: 60_000 });
  });

  it('let what a voice says be heard beside the recordings, and judge nothing', async () => {
    const { page, fake, run } = await dashboard();
    const items = ['سلام دنیا', 'کتاب را خواند'].map((input) => ({
      ...{ input, audioPath: '/yes.wav', spokenPath: '/yes.wav', truth: '0.50 s', predicted: '0.52 s' },
    }));
    fake.samples.set(run.id, [{ epoch: 14, items }]);
    fake.change(run.id, { epoch: 14 });
    const spoken = page.locator('.samples tbody tr[data-result="spoken"]');
    await eventually(async () => (await spoken.count()) === 2);
    expect(await page.locator('.samples').textContent()).not.toContain('right');
    expect(await seriousViolations(page)).toEqual([]);
    const play = spoken.first().locator('.player vscode-button').last();
    await play.click();
    await page.locator('.player vscode-button[aria-pressed="true"]').waitFor();
    await play.click();
    await page.locator('.player vscode-button[aria-pressed="true"]').waitFor({ state: 'detached' });
  });

  it('draw what a voice says beside the recording, and the alignment with its times', async () => {
    const { page, fake, run } = await dashboard();
    const items = ['سلام', 'کتاب'].map((input) => ({
      ...{ input, audioPath: '/yes.wav', spokenPath: '/yes.wav', truth: '0.50 s', predicted: '0.52 s' },
    }));
    const both = [1, 14].map((epoch) => ({ epoch, items, pictures: true }));
    // The second sentence is longer; after the first epoch nothing is told apart yet.
    fake.pictures.set(1, [fakePictures(40, 128), fakePictures(60, 128)]);
    fake.pictures.set(14, [fakePictures(40, 255), fakePictures(60, 255)]);
    fake.samples.set(run.id, both);
    fake.change(run.id, { epoch: 14 });
    const pictures = page.locator('.sample-pictures');
    await page.locator('.sample-pictures[data-epoch="14"]').waitFor();
    const alignment = pictures.locator('[data-picture="alignment"] canvas');
    expect(await alignment.getAttribute('aria-label')).toMatch(/^Alignment of 4 sounds with 0.46 s/);
    const spoken = pictures.getByRole('img', { name: /spectrum of the voice: 0.46 s, up to 8,000 Hz/ });
    const colors = await colorsOf(spoken);
    expect(colors).toBeGreaterThan(30);

    await pictures.locator('select').selectOption({ label: 'کتاب' });
    await eventually(
      async () => (await alignment.getAttribute('aria-label'))?.includes('with 0.7 s') === true,
    );
    await pictures.locator('summary').click();
    const rows = pictures.locator('tbody tr');
    expect(await rows.allTextContents()).toEqual([
      's0 s174 ms',
      'between words0.17 s174 ms',
      'ɒː0.35 s174 ms',
      'm0.52 s174 ms',
    ]);
    expect(await seriousViolations(page)).toEqual([]);

    // Back along the time line: the sentence stays chosen, the picture is that epoch's.
    const late = await alignment.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    await page.locator('#sample-epoch').fill('0');
    await page.locator('.sample-pictures[data-epoch="1"]').waitFor();
    expect(await pictures.locator('select').inputValue()).toBe('1');
    expect(await alignment.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL())).not.toBe(late);
  });

  it('export all runs in the charts, and a chart as a picture', async () => {
    const { page, fake, run, first, shown } = await dashboard();
    await page.locator(`[data-run="${first.id}"] vscode-checkbox`).click();
    await page.locator('.hyper tr.differs').waitFor();
    await page.locator('#export-csv').click();
    await page.locator('#export-tensorboard').click();
    await eventually(() => fake.commands.length === 2);
    expect(fake.commands).toEqual([
      { command: 'goya.runs.exportCsv', args: [run.id, [first.id]] },
      { command: 'goya.runs.exportTensorBoard', args: [run.id, [first.id]] },
    ]);
    await page.getByRole('button', { name: 'Save Loss as PNG' }).click();
    await eventually(() => fake.saved.length === 1);
    const [saved] = fake.saved;
    expect(saved?.name).toBe('loss.png');
    const size = await page.evaluate(
      async (base64) => {
        const image = new Image();
        image.src = `data:image/png;base64,${base64}`;
        await image.decode();
        const canvas = document.createElement('canvas');
        canvas.width = image.width;
        canvas.height = image.height;
        const context = canvas.getContext('2d');
        context?.drawImage(image, 0, 0);
        const { data = [] } = context?.getImageData(0, 0, 1, 1) ?? {};
        return { width: image.width, height: image.height, corner: [...data] };
      },
      saved?.bytes.toString('base64') ?? '',
    );
    expect(size.width).toBeGreaterThan(300);
    expect(size.height).toBeGreaterThan(240);
    expect(size.corner).toEqual([31, 31, 31, 255]);
    if (process.env['GOYA_SHOTS'] !== undefined && saved !== undefined)
      await writeFile(path.join(process.env['GOYA_SHOTS'], 'loss.png'), saved.bytes);
    expect(shown.problems).toEqual([]);
  });

  it.each([
    ['dark', 'en', 1200],
    ['light', 'en', 1200],
    ['highContrast', 'en', 1200],
    ['dark', 'fa', 1200],
    ['dark', 'fa', 320],
  ] as const)('can be used by everyone: %s, %s, %i px', async (theme, language, width) => {
    const { page, first } = await dashboard({ theme, language, width });
    await page.locator(`[data-run="${first.id}"] vscode-checkbox`).click();
    await page.locator('.hyper tr.differs').waitFor();
    await page.locator('[data-metric="loss"] .mark > button').nth(1).focus();
    await page.locator('.mark-card').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    expect(await seriousViolations(page)).toEqual([]);
    if (process.env['GOYA_SHOTS'] !== undefined)
      await page.screenshot({
        path: path.join(process.env['GOYA_SHOTS'], `dashboard-${theme}-${language}-${width}.png`),
        fullPage: true,
      });
  });
});

/** Of four sounds of equal length: levels that rise along time, and an alignment of that certainty. */
function fakePictures(columns: number, certainty: number): SamplePictures {
  const rising = Uint8Array.from({ length: 8 * columns }, (_, i) =>
    Math.round((255 * (i % columns)) / columns),
  );
  const spectrum = { columns, rows: 8, levels: Buffer.from(rising).toString('base64') };
  const likely = new Uint8Array(4 * columns);
  for (let at = 0; at < columns; at++) likely[Math.floor((4 * at) / columns) * columns + at] = certainty;
  return {
    secondsPerColumn: 256 / 22_050,
    topHertz: 8000,
    ...{ recorded: spectrum, spoken: spectrum },
    alignment: {
      symbols: ['s', ' ', 'ɒː', 'm'],
      frames: [columns / 4, columns / 4, columns / 4, columns / 4],
      likelihood: { columns, rows: 4, levels: Buffer.from(likely).toString('base64') },
    },
  };
}

/** How many colours a canvas shows. */
const colorsOf = (canvas: Locator): Promise<number> =>
  canvas.evaluate((element: HTMLCanvasElement) => {
    const { width, height } = element;
    const pixels = element.getContext('2d')?.getImageData(0, 0, width, height).data;
    return new Set(new Uint32Array(pixels?.buffer ?? new ArrayBuffer(0))).size;
  });
