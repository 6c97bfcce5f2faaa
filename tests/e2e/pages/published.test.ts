/** The playground with downloaded models: the backend's part is played by this file, down to its wav files. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readWav } from '../../../ml/audio/wav';
import { inferenceRun } from '../../../protocol/api/inference';
import {
  panelCopy,
  panelFileUri,
  panelKeepFile,
  panelListFolder,
  panelPickFile,
  panelProgress,
  panelSaveFile,
} from '../../../protocol/api/panel';
import type { InferenceParams, InferenceResult } from '../../../protocol/model/inference';
import { StudioError } from '../../../protocol/wire/errors';
import { eventually } from '../../fixtures/eventually';
import { seriousViolations } from './axe';
import { launchBrowser, openPage, type OpenOptions, type OpenPage } from './harness';
import { glide } from './sounds';

const tasks = {
  voice: 'text-to-speech',
  ear: 'automatic-speech-recognition',
  mood: 'text-classification',
  pen: 'text-generation',
  bass: 'text-to-speech',
} as const;
type Name = keyof typeof tasks;

let browser: Browser;
let folder: string;
let open: OpenPage | undefined;
let asked: InferenceParams[] = [];
let saved: Buffer[] = [];
let copied: string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  folder = await mkdtemp(path.join(tmpdir(), 'goya-published-'));
  await writeFile(path.join(folder, 'clip.wav'), glide(1.2, 22_050, 2));
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  const problems = open?.problems ?? [];
  await open?.close();
  open = undefined;
  asked = [];
  saved = [];
  copied = [];
  expect(problems).toEqual([]);
});

const inBackend = { engine: 'auto', place: 'backend', compare: false, row: {}, history: [] };
const at = (name: string): string => path.join(folder, name);
const timings = { loadMs: 1200, runMs: 600, audioSeconds: 1.2 };

async function backend(params: InferenceParams): Promise<InferenceResult> {
  asked.push(params);
  const done = { engine: 'tensorflow', timings };
  if (params.modelPath === at('voice') || params.modelPath === at('bass')) {
    await writeFile(params.outputPath ?? '', glide(1.2, 22_050, 1));
    const output = { audioPath: params.outputPath, samplingRate: 22_050 };
    return { ...done, task: tasks.voice, output };
  }
  if (params.modelPath === at('ear')) {
    const values = [
      { start: 0, end: 0.5, text: 'سلام' },
      { start: 0.5, end: 1.2, text: 'دنیا' },
    ];
    return { ...done, task: tasks.ear, output: { text: 'سلام دنیا', values } };
  }
  if (params.modelPath === at('pen')) {
    const output = { text: ' بود یکی نبود', values: { tokens: 4, finished: 'length' } };
    return { ...done, task: tasks.pen, output };
  }
  if (params.input.text === 'می‌روم')
    return { ...done, task: 'token-classification', output: { values: [{ word: 'می‌روم', label: 'V' }] } };
  const labels = [
    { label: 'شاد', score: 0.9 },
    { label: 'غمگین', score: 0.1 },
  ];
  return { ...done, task: tasks.mood, output: { labels } };
}

const partial = (peer: OpenPage['peer'], params: object, value: unknown): void => {
  const { token } = z.object({ token: z.string() }).parse(params);
  peer.notify(panelProgress, { token, value });
};

async function playground(model: Name, options: Partial<OpenOptions> = {}): Promise<OpenPage> {
  open = await openPage(browser, {
    page: 'playground',
    folders: { files: folder },
    input: (origin) => ({
      modelUri: `${origin}/files/${model}/`,
      modelPath: at(model),
      name: model,
      wasmUri: `${origin}/dist/wasm/`,
      scratchPath: folder,
      models: Object.entries(tasks).map(([name, task]) => ({ name, path: at(name), task })),
    }),
    panel: (peer, origin) => {
      const uri = (file: string): string => `${origin}/files/${path.relative(folder, file)}`;
      peer.handle(panelFileUri, (params) => Promise.resolve({ uri: uri(params.path) }));
      peer.handle(panelPickFile, () => Promise.resolve({ path: at('clip.wav'), uri: uri(at('clip.wav')) }));
      peer.handle(panelListFolder, (params) => Promise.resolve({ uri: `${uri(params.path)}/`, files: [] }));
      peer.handle(panelKeepFile, async ({ base64 }) => {
        await writeFile(at('kept.wav'), Buffer.from(base64, 'base64'));
        return { path: at('kept.wav') };
      });
      peer.handle(panelSaveFile, ({ base64 }) => {
        saved.push(Buffer.from(base64, 'base64'));
        return Promise.resolve({ path: at('out.wav') });
      });
      peer.handle(panelCopy, ({ text }) => {
        copied.push(text);
        return Promise.resolve({});
      });
      peer.handle(inferenceRun, backend);
    },
    state: inBackend,
    ...options,
  });
  return open;
}

describe('a downloaded voice', () => {
  it('speaks what is written, as fast as asked, and its sound is drawn, played and saved', async () => {
    const { page } = await playground('voice');
    const field = page.locator('#text-input textarea');
    await field.fill('سلام');
    expect(await field.evaluate((control) => getComputedStyle(control).direction)).toBe('rtl');
    await page.locator('#speed').fill('1.5');
    await page.locator('#noise').fill('0');
    await page.locator('#seed').fill('7');
    await field.press('Control+Enter');
    const wave = page.locator('#spoken-wave');
    await wave.waitFor();
    expect(asked[0]).toMatchObject({
      modelPath: at('voice'),
      input: { text: 'سلام' },
      parameters: { speakingRate: 1.5, noiseScale: 0, noiseScaleDuration: 0, seed: 7 },
    });
    await eventually(() =>
      wave.evaluate((canvas: HTMLCanvasElement) => {
        const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
        return pixels?.some((value) => value > 0) === true;
      }),
    );
    await eventually(() =>
      page.locator('#spoken').evaluate((sound: HTMLAudioElement) => Math.abs(sound.duration - 1.2) < 0.01),
    );
    const figures = await page.locator('.figures').textContent();
    for (const each of ['tensorflow', '1,200', '600', 'real-time factor 0.5'])
      expect(figures).toContain(each);
    // What only the page's own engine can do is not offered.
    for (const id of ['#compare', '#engine']) expect(await page.locator(id).isVisible()).toBe(false);
    await page.locator('#save-sound').click();
    await eventually(() => saved.length === 1);
    expect(saved[0]?.equals(await readFile(asked[0]?.outputPath ?? ''))).toBe(true);
    await field.fill('');
    await page.locator('button.history-item').click();
    await eventually(() => asked.length === 2 && asked[1]?.input.text === 'سلام');
  });

  it('is heard piece by piece while it is made, and gives two voices one text', async () => {
    await writeFile(at('piece.wav'), glide(0.4, 22_050, 1));
    const { page, peer } = await playground('voice');
    let finish = (): void => undefined;
    peer.handle(inferenceRun, async (params) => {
      for (let i = 0; i < 2; i++)
        partial(peer, params, { pieces: [{ path: at('piece.wav'), seconds: 0.4 }] });
      if (params.modelPath === at('voice')) await new Promise<void>((resolve) => (finish = resolve));
      return backend(params);
    });
    await page.locator('#other').selectOption(at('bass'));
    await page.locator('#run').click();
    await page.locator('[data-live]').filter({ hasText: '0.8' }).waitFor();
    await page.locator('#silence').waitFor();
    expect(await page.locator('#stop').isVisible()).toBe(true);
    await page.locator('#silence').click();
    expect(await page.locator('#silence').isVisible()).toBe(false);
    finish();
    await page.locator('#spoken-second').waitFor();
    expect(asked.map(({ modelPath }) => modelPath)).toEqual([at('voice'), at('bass')]);
    expect(await page.locator('#spoken').count()).toBe(1);
    const figures = await page.locator('.figures').first().textContent();
    expect(figures).toContain('first sound after');
  });

  it('keeps its text and speed over a reload', async () => {
    const shown = await playground('voice');
    await shown.page.locator('#text-input textarea').fill('درود');
    await shown.page.locator('#speed').fill('0.75');
    await eventually(() => JSON.stringify(shown.state()).includes('"speed":0.75'));
    const state = shown.state();
    await shown.close();
    const { page } = await playground('voice', { state });
    expect(await page.locator('#text-input textarea').inputValue()).toBe('درود');
    expect(await page.locator('#speed').inputValue()).toBe('0.75');
  });

  it('says why it does not speak', async () => {
    const { page, peer } = await playground('voice');
    peer.handle(inferenceRun, () =>
      Promise.reject(new StudioError('model.corrupt', 'model.safetensors is cut off.')),
    );
    await page.locator('#run').click();
    await page.locator('[data-kind="model.corrupt"]').waitFor();
    expect(await page.locator('.banner').textContent()).toContain('model.safetensors is cut off');
  });
});

describe('a downloaded recogniser', () => {
  it('writes down a chosen file, with the times of its parts, to be copied', async () => {
    const { page } = await playground('ear');
    await page.locator('#choose-audio').click();
    const text = page.locator('#transcript');
    await text.waitFor();
    expect(asked[0]?.input).toEqual({ audioPath: at('clip.wav') });
    expect(await text.textContent()).toBe('سلام دنیا');
    expect(await text.evaluate((element) => getComputedStyle(element).direction)).toBe('rtl');
    expect(await page.locator('.spoken tr').nth(1).textContent()).toMatch(/0\.50.+1\.20.*دنیا/);
    await page.locator('#copy-transcript').click();
    await eventually(() => copied.includes('سلام دنیا'));
  });

  it('says what it hears on the way, and saves it as subtitles', async () => {
    const { page, peer } = await playground('ear');
    let finish = (): void => undefined;
    peer.handle(inferenceRun, async (params) => {
      const segments = [{ start: 0, end: 0.5, text: 'سلام' }];
      partial(peer, params, { text: 'سلام', segments, heardSeconds: 0.5, totalSeconds: 1.2 });
      await new Promise<void>((resolve) => (finish = resolve));
      return backend(params);
    });
    await page.locator('#choose-audio').click();
    await page.locator('#partial').filter({ hasText: 'سلام' }).waitFor();
    await page.locator('[data-live]').filter({ hasText: '0.5' }).waitFor();
    finish();
    await page.locator('#save-transcript').click();
    await eventually(() => saved.length === 1);
    expect(saved[0]?.toString('utf8')).toBe('1\n00:00:00,000 --> 00:00:01,200\n\u200fسلام دنیا\n');
  });

  it('gets a dropped file through the panel, as wav', async () => {
    const { page } = await playground('ear');
    const bytes = [...glide(0.5, 8000, 1)];
    const drop = await page.evaluateHandle((content) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(content)], 'dropped.wav'));
      return transfer;
    }, bytes);
    await page.locator('.drop').dispatchEvent('drop', { dataTransfer: drop });
    await page.locator('#transcript').waitFor();
    expect(asked[0]?.input).toEqual({ audioPath: at('kept.wav') });
    const { sampleRate, channels } = readWav(await readFile(at('kept.wav')));
    expect([sampleRate, channels.length, channels[0]?.length]).toEqual([8000, 1, 4000]);
  });
});

describe('a downloaded reader', () => {
  it('tells the classes of a text, or the labels of its words', async () => {
    const { page } = await playground('mood');
    const field = page.locator('#text-input textarea');
    await field.fill('چه خوب');
    await page.locator('#run').click();
    await page.locator('.best-label').filter({ hasText: 'شاد' }).waitFor();
    await field.fill('می‌روم');
    await page.locator('#run').click();
    await page.locator('.spoken td').filter({ hasText: 'V' }).waitFor();
  });
});

describe('a downloaded writer', () => {
  it('stops when it is told to, and leaves what it wrote', async () => {
    const { page, peer } = await playground('pen');
    let stopped = false;
    peer.handle(inferenceRun, async (params, signal) => {
      partial(peer, params, { piece: ' بود', tokens: 1 });
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      stopped = true;
      throw new StudioError('cancelled', 'The model was stopped before it answered.');
    });
    await page.locator('#run').click();
    await page.locator('#partial').filter({ hasText: 'بود' }).waitFor();
    await page.locator('#stop').click();
    await eventually(() => stopped);
    await page.locator('.run-row').filter({ hasText: 'Stopped.' }).waitFor();
    expect(await page.locator('#partial').textContent()).toContain('بود');
    expect(await page.locator('.banner').count()).toBe(0);
  });

  it('goes on from a text', async () => {
    const { page } = await playground('pen');
    await page.locator('#text-input textarea').fill('یکی');
    await page.locator('#run').click();
    await page.locator('#transcript').filter({ hasText: 'بود یکی نبود' }).waitFor();
    expect(asked[0]).toMatchObject({ input: { text: 'یکی' }, parameters: { maxTokens: 60, topK: 50 } });
    expect(await page.locator('.spoken').count()).toBe(0);
  });
});

describe('the playground of downloaded models', () => {
  it.each([
    ['dark', 'en', 'voice'],
    ['light', 'fa', 'voice'],
    ['highContrast', 'fa', 'ear'],
  ] as const)('can be used by everyone: %s, %s, %s', async (theme, language, model) => {
    const shown = await playground(model, { theme, language, width: 320 });
    const { page } = shown;
    await page.locator(model === 'voice' ? '#run' : '#choose-audio').click();
    await page.locator('.figures').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    const pictures = process.env['GOYA_PICTURES'];
    if (pictures === undefined) return;
    await page.setViewportSize({ width: 1200, height: 800 });
    await page.screenshot({ path: path.join(pictures, `${model}-${theme}-${language}.png`) });
  });
});
