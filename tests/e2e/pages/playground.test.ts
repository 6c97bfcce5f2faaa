import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inferenceRun } from '../../../protocol/api/inference';
import { panelCopy, panelFileUri, panelPickFile } from '../../../protocol/api/panel';
import { StudioError } from '../../../protocol/wire/errors';
import { eventually } from '../../fixtures/eventually';
import { seriousViolations } from './axe';
import { launchBrowser, openPage, type OpenOptions, type OpenPage } from './harness';
import {
  prepareTensors,
  writeAudio,
  writeBare,
  writeTabular,
  writeText,
  writeVocodedVoice,
  writeVoice,
} from './modelFolders';
import { glide } from './sounds';

const run = promisify(execFile);
const repository = path.resolve(import.meta.dirname, '../../..');
const labels = z.array(z.object({ label: z.string(), score: z.number() }));
const result = z.object({
  engine: z.string(),
  labels: labels.optional(),
  samples: z.number().optional(),
  values: z.array(z.object({ shape: z.array(z.number()), data: z.array(z.number()) })).optional(),
});

let browser: Browser;
let folder: string;
let open: OpenPage | undefined;
/** Bare models have no goya.json: the browser reports that it is not there. */
let expected: RegExp | undefined;
const copied: string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  folder = await mkdtemp(path.join(tmpdir(), 'goya-pages-'));
  await prepareTensors();
  await writeTabular(path.join(folder, 'iris'));
  await writeAudio(path.join(folder, 'keywords'));
  await writeBare(path.join(folder, 'bare'));
  await writeText(path.join(folder, 'names'));
  await writeVoice(path.join(folder, 'voice'));
  await writeVocodedVoice(path.join(folder, 'vocoded'));
  await cp(path.join(folder, 'iris'), path.join(folder, 'broken'), { recursive: true });
  await writeFile(path.join(folder, 'broken', 'weights.bin'), 'short');
  await writeFile(path.join(folder, 'clip.wav'), glide(1.2, 22_050, 2));
  await symlink(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'));
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  const problems = open?.problems.filter((problem) => expected?.test(problem) !== true) ?? [];
  await open?.close();
  open = undefined;
  expected = undefined;
  expect(problems).toEqual([]);
});

const at = (name: string): string => path.join(folder, name);

async function playground(model: string | undefined, options: Partial<OpenOptions> = {}): Promise<OpenPage> {
  const models = ['iris', 'keywords', 'names', 'voice', 'vocoded', 'bare', 'broken'].map((name) => ({
    name,
    path: at(name),
  }));
  open = await openPage(browser, {
    page: 'playground',
    folders: { files: folder },
    input: (origin) => ({
      ...(model === undefined
        ? {}
        : { modelUri: `${origin}/files/${model}/`, modelPath: at(model), name: model }),
      wasmUri: `${origin}/dist/wasm/`,
      scratchPath: folder,
      models,
    }),
    panel: (peer, origin) => {
      const uri = (file: string): string => `${origin}/files/${path.relative(folder, file)}`;
      peer.handle(panelFileUri, (params) => Promise.resolve({ uri: uri(params.path) }));
      peer.handle(panelPickFile, () => Promise.resolve({ path: at('clip.wav'), uri: uri(at('clip.wav')) }));
      peer.handle(panelCopy, ({ text }) => {
        copied.push(text);
        return Promise.resolve({});
      });
      peer.handle(inferenceRun, () =>
        Promise.reject(new StudioError('engine.unavailable', 'No engine here.', { retryable: true })),
      );
    },
    ...options,
  });
  return open;
}

async function answer({ page }: OpenPage): Promise<z.infer<typeof result>> {
  const text = await eventually(
    async () => (await page.locator('output[data-result]').textContent()) || false,
    {
      timeoutMs: 60_000,
    },
  );
  return result.parse(JSON.parse(text));
}
const ready = ({ page }: OpenPage): Promise<void> =>
  page.locator('#run:not([disabled])').waitFor({ timeout: 60_000 });

/** Runs the page's own program in plain Node, with nothing but `@tensorflow/tfjs`. */
async function runSnippet({ page }: OpenPage): Promise<unknown> {
  await page.locator('#view-code').click();
  const before = copied.length;
  await page.locator('#copy-code').click();
  await eventually(() => copied.length > before);
  const file = at(`run-${copied.length}.mjs`);
  await writeFile(file, copied.at(-1) ?? '');
  const { stdout } = await run(process.execPath, [file], { cwd: folder });
  return JSON.parse(stdout.slice(stdout.search(/[[{]/))) as unknown;
}

function expectSame(page: z.infer<typeof labels> | undefined, program: unknown): void {
  const other = labels.parse(program);
  expect(page?.map(({ label }) => label)).toEqual(other.map(({ label }) => label));
  page?.forEach(({ score }, i) => expect(score).toBeCloseTo(other[i]?.score ?? NaN, 4));
}

describe('the playground', () => {
  it('speaks with a voice that was trained here, as its program does in plain TensorFlow.js', async () => {
    const shown = await playground('voice');
    await ready(shown);
    const { page } = shown;
    await page.locator('#text-input textarea, textarea#text-input').first().fill('سلام بابا');
    await page.locator('#run').click();
    const { samples = 0 } = await answer(shown);
    expect(samples).toBeGreaterThan(1000);
    // It does not vary by itself, and is not compared with the backend's words.
    expect(await page.locator('#noise').count()).toBe(0);
    expect(await page.locator('#seed').count()).toBe(1);
    expect(await seriousViolations(page)).toEqual([]);
    const program = z.object({ seconds: z.number(), unspoken: z.array(z.string()) });
    expect(program.parse(await runSnippet(shown))).toEqual({ seconds: samples / 8000, unspoken: [] });
  });

  it('speaks with the vocoder of a voice, whose seed changes nothing', async () => {
    const shown = await playground('vocoded');
    await ready(shown);
    const { page } = shown;
    await page.locator('#text-input textarea, textarea#text-input').first().fill('سلام بابا');
    await page.locator('#run').click();
    const { samples = 0 } = await answer(shown);
    expect(samples).toBeGreaterThan(1000);
    expect(samples % 64).toBe(0);
    expect(await page.locator('#speed').count()).toBe(1);
    expect(await page.locator('#seed').count()).toBe(0);
    const program = z.object({ seconds: z.number(), unspoken: z.array(z.string()) });
    expect(program.parse(await runSnippet(shown))).toEqual({ seconds: samples / 8000, unspoken: [] });
  });

  it.each(['auto', 'wasm', 'cpu'])(
    'runs a table model on %s, with the numbers of plain TensorFlow.js',
    async (engine) => {
      const shown = await playground('iris', { state: { engine, compare: false, row: {}, history: [] } });
      await ready(shown);
      const { page } = shown;
      await page.locator('[data-column="sepal length"] input').fill('۶٫۱');
      await page.locator('[data-column="petal width"] input').fill('0.3');
      await page.locator('select[data-column]').selectOption('بنفش');
      await page.keyboard.press('Control+Enter');
      const got = await answer(shown);
      if (engine !== 'auto') expect(got.engine).toBe(engine);
      expect(await page.getByRole('meter').count()).toBe(3);
      expectSame(got.labels, await runSnippet(shown));
      expect(await page.locator('.history-item').count()).toBe(1);
    },
  );

  it('hears a clip, plays it, and answers what plain TensorFlow.js answers', async () => {
    const shown = await playground('keywords');
    await ready(shown);
    const { page } = shown;
    await page.locator('#choose-audio').click();
    const got = await answer(shown);
    expect(got.labels).toHaveLength(4);
    expect(await page.locator('.figures').textContent()).toContain('real-time factor');
    await eventually(() =>
      page.locator('audio').evaluate((audio: HTMLAudioElement) => Math.abs(audio.duration - 1.2) < 0.01),
    );
    expect(await page.textContent('main')).toContain('does not let its pages use the microphone');
    expectSame(got.labels, await runSnippet(shown));
  });

  it('reads a text typed from right to left, and answers what plain TensorFlow.js answers', async () => {
    const page = await playground('names');
    await ready(page);
    const field = page.page.locator('#text-input textarea');
    await field.fill('مه\u200Cس\u0640ا \u0643'.normalize());
    await field.press('Control+Enter');
    const { labels: answered } = await answer(page);
    expect(answered).toHaveLength(2);
    expect(await field.evaluate((control) => getComputedStyle(control).direction)).toBe('rtl');
    expectSame(answered, await runSnippet(page));
    await field.fill('Sara');
    expect(await field.evaluate((control) => getComputedStyle(control).direction)).toBe('ltr');
  });

  it('runs a model without metadata on its tensors', async () => {
    expected = /404/;
    const shown = await playground('bare');
    await ready(shown);
    const { page } = shown;
    await page.locator('[id^="numbers-"] textarea').fill('{"shape": [2, 3], "data": [1, 0, 0, 0, 1, 1]}');
    await page.locator('#run').click();
    const { values } = await answer(shown);
    expect(values?.[0]?.shape).toEqual([2, 2]);
    const program = (await runSnippet(shown)) as { data: number[] }[];
    values?.[0]?.data.forEach((value, i) => expect(value).toBeCloseTo(program[0]?.data[i] ?? NaN, 4));
    await page.locator('[id^="numbers-"] textarea').fill('{"shape": [2]}');
    await page.locator('#run').click();
    await page.locator('[data-kind="input.invalid"]').waitFor();
  });

  it('says what is wrong with a damaged model, and goes on with another', async () => {
    const shown = await playground('broken');
    const { page } = shown;
    await page.locator('[data-kind="model.corrupt"]').waitFor({ timeout: 60_000 });
    expect(await page.locator('.banner').textContent()).toContain('weights.bin');
    await page.locator('#model').selectOption({ label: 'iris' });
    await ready(shown);
    expect(await page.locator('.banner').count()).toBe(0);
  });

  it('says what is wrong with an input, and names the column', async () => {
    const shown = await playground('iris');
    await ready(shown);
    const { page } = shown;
    await page.locator('[data-column="petal width"] input').fill('wide');
    await page.locator('#run').click();
    await page.locator('[data-kind="input.invalid"]').waitFor();
    expect(await page.locator('.banner').textContent()).toContain('petal width');
  });

  it('compares with the backend, and shows its own answer when that fails', async () => {
    const shown = await playground('iris');
    await ready(shown);
    const { page } = shown;
    await page.locator('#compare').click();
    await page.locator('#run').click();
    await page.locator('[data-kind="engine.unavailable"]').waitFor();
    expect((await answer(shown)).labels).toHaveLength(3);
    shown.peer.handle(inferenceRun, ({ modelPath, input }) => {
      expect(modelPath).toBe(at('iris'));
      expect(input.values).toMatchObject({ 'petal width': '1.199' });
      return Promise.resolve({
        task: 'tabular-classification',
        engine: 'tensorflow',
        output: { labels: [{ label: 'setosa', score: 1 }] },
        timings: { loadMs: 1, runMs: 2 },
      });
    });
    await page.locator('#run').click();
    const other = page.locator('output[data-backend-result]');
    await eventually(async () => ((await other.textContent()) ?? '').includes('tensorflow'));
  });

  it('keeps what was typed over a reload, and puts history back', async () => {
    const shown = await playground('iris');
    await ready(shown);
    await shown.page.locator('[data-column="petal width"] input').fill('2.5');
    await shown.page.locator('#run').click();
    await answer(shown);
    await eventually(() => JSON.stringify(shown.state()).includes('"history":[{'));
    const state = shown.state();
    await shown.close();
    const again = await playground('iris', { state });
    await ready(again);
    const field = again.page.locator('[data-column="petal width"] input');
    expect(await field.inputValue()).toBe('2.5');
    await field.fill('1');
    await again.page.locator('button.history-item').click();
    expect(await field.inputValue()).toBe('2.5');
    await answer(again);
  });

  it('asks to choose when nothing was chosen', async () => {
    const shown = await playground(undefined);
    await shown.page.getByText('Choose a model to try.').waitFor();
    await shown.page.locator('#model').selectOption({ label: 'iris' });
    await ready(shown);
  });

  it('says the next step when there is no model at all', async () => {
    const { page } = await playground(undefined, {
      input: (origin) => ({ wasmUri: `${origin}/dist/wasm/`, scratchPath: folder, models: [] }),
    });
    await page.getByRole('button', { name: 'New training config' }).waitFor();
    expect(await page.locator('.columns').isVisible()).toBe(false);
    expect(await seriousViolations(page)).toEqual([]);
  });

  it.each([
    ['dark', 'en', 'iris'],
    ['light', 'fa', 'keywords'],
    ['highContrast', 'en', 'keywords'],
  ] as const)('can be used by everyone: %s, %s', async (theme, language, model) => {
    const shown = await playground(model, { theme, language, width: 320 });
    await ready(shown);
    await shown.page.locator(model === 'iris' ? '#run' : '#choose-audio').click();
    await answer(shown);
    expect(await seriousViolations(shown.page)).toEqual([]);
    expect(await shown.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });

  it('loads TensorFlow.js and one engine only when there is a model', async () => {
    const meta = z
      .object({
        outputs: z.record(
          z.string(),
          z.object({ bytes: z.number(), imports: z.array(z.object({ path: z.string(), kind: z.string() })) }),
        ),
      })
      .parse(JSON.parse(await readFile(path.join(repository, 'dist', 'meta-webviews.json'), 'utf8')));
    const entry = 'dist/webviews/playground.js';
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const each of meta.outputs[file]?.imports ?? [])
        if (each.kind === 'import-statement') visit(each.path);
    };
    visit(entry);
    const bytes = [...seen].reduce((sum, file) => sum + (meta.outputs[file]?.bytes ?? 0), 0);
    expect(bytes).toBeLessThan(900_000);
  });
});
