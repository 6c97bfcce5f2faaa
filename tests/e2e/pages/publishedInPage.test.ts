/** Published models in the page itself: real weights of tiny models, in its worker, held to what the backend answers. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { panelCopy, panelFileUri, panelListFolder, panelPickFile } from '../../../protocol/api/panel';
import { eventually } from '../../fixtures/eventually';
import { writeVoice } from '../../fixtures/voiceFolder';
import { launchBrowser, openPage, type OpenPage } from './harness';

const repository = path.resolve(import.meta.dirname, '../../..');
const data = path.join(repository, 'tests/goldens/data');
const run = promisify(execFile);
const tasks = {
  voice: 'text-to-speech',
  bass: 'text-to-speech',
  ear: 'automatic-speech-recognition',
  labels: 'text-classification',
  pen: 'text-generation',
} as const;
type Name = keyof typeof tasks;
const result = z.looseObject({
  engine: z.string(),
  place: z.string(),
  firstMs: z.number().optional(),
  samples: z.number().optional(),
  tensors: z.number(),
  transcript: z.object({ text: z.string() }).optional(),
  tagged: z.array(z.object({ word: z.string(), label: z.string() })).optional(),
  written: z.object({ tokens: z.number(), finished: z.string() }).optional(),
});

let browser: Browser;
let folder: string;
let open: OpenPage | undefined;
const copied: string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  folder = await mkdtemp(path.join(tmpdir(), 'goya-inpage-'));
  await writeVoice(path.join(folder, 'voice'));
  await writeVoice(path.join(folder, 'bass'));
  await cp(path.join(data, 'wav2vec2_base'), path.join(folder, 'ear'), { recursive: true });
  await cp(path.join(data, 'bert_tokcls'), path.join(folder, 'labels'), { recursive: true });
  await cp(path.join(data, 'gpt2'), path.join(folder, 'pen'), { recursive: true });
  await symlink(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'));
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

const at = (name: string): string => path.join(folder, name);

async function playground(model: Name, state: object = {}): Promise<OpenPage> {
  open = await openPage(browser, {
    page: 'playground',
    folders: { files: folder },
    state: { engine: 'auto', compare: false, row: {}, history: [], ...state },
    input: (origin) => ({
      modelUri: `${origin}/files/${model}/`,
      modelPath: at(model),
      name: model,
      wasmUri: `${origin}/dist/wasm/`,
      scratchPath: folder,
      runtimePath: path.join(repository, 'dist', 'runtime', 'models.mjs'),
      models: Object.entries(tasks).map(([name, task]) => ({ name, path: at(name), task })),
    }),
    panel: (peer, origin) => {
      const uri = (file: string): string => `${origin}/files/${path.relative(folder, file)}`;
      const clip = path.join(at('ear'), 'expected', 'audio_16k.wav');
      peer.handle(panelFileUri, (params) => Promise.resolve({ uri: uri(params.path) }));
      peer.handle(panelPickFile, () => Promise.resolve({ path: clip, uri: uri(clip) }));
      peer.handle(panelCopy, ({ text }) => {
        copied.push(text);
        return Promise.resolve({});
      });
      peer.handle(panelListFolder, async (params) => {
        const names = await readdir(params.path);
        const sizes = await Promise.all(
          names.map(async (name) => (await stat(path.join(params.path, name))).size),
        );
        return {
          uri: `${uri(params.path)}/`,
          files: names.map((name, i) => ({ name, size: sizes[i] ?? 0 })),
        };
      });
    },
  });
  await open.page.locator('#run:not([disabled])').waitFor();
  return open;
}

async function answer({ page }: OpenPage): Promise<z.infer<typeof result>> {
  const exact = page.locator('output[data-result]');
  const text = await eventually(async () => (await exact.textContent()) || false, { timeoutMs: 30_000 });
  return result.parse(JSON.parse(text));
}

async function expected<T>(model: string, schema: z.ZodType<T>): Promise<T> {
  return schema.parse(
    JSON.parse(await readFile(path.join(data, model, 'expected', 'expected.json'), 'utf8')),
  );
}

/** The page's own program in plain Node, with `@tensorflow/tfjs` and the library that comes with Goya. */
async function program({ page }: OpenPage): Promise<unknown> {
  const before = copied.length;
  const code = page.locator('#view-code');
  if (!(await page.locator('#copy-code').isVisible())) await code.click();
  await page.locator('#copy-code').click();
  await eventually(() => copied.length > before);
  const file = at(`run-${copied.length}.mjs`);
  await writeFile(file, copied.at(-1) ?? '');
  const { stdout } = await run(process.execPath, [file], { cwd: folder });
  return JSON.parse(stdout.slice(stdout.search(/[[{]/))) as unknown;
}

describe('published models in the page', { timeout: 40_000 }, () => {
  it.each(['auto', 'wasm', 'cpu', 'webgl'])('write down what the reference hears: %s', async (engine) => {
    const shown = await playground('ear', { engine });
    await shown.page.locator('#choose-audio').click();
    const got = await answer(shown);
    const { decoded_skip_special: wanted } = await expected(
      'wav2vec2_base',
      z.looseObject({ decoded_skip_special: z.string() }),
    );
    expect(got.transcript?.text).toBe(wanted);
    expect(got.place).toBe('page');
    expect(got.engine).toBe(engine === 'auto' ? 'wasm' : engine);
    expect(shown.page.workers()).toHaveLength(1);
    if (engine === 'cpu') expect(await program(shown)).toMatchObject({ text: wanted });
  });

  it('write on with the tokens of the reference, and label its words', async () => {
    const { greedy_new: wanted } = await expected('gpt2', z.looseObject({ greedy_new: z.array(z.number()) }));
    const writing = { maxTokens: wanted.length, temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1 };
    const shown = await playground('pen', { modelPath: at('pen'), text: 'من هر روز به', writing });
    await shown.page.locator('#run').click();
    const { written, transcript } = await answer(shown);
    expect(written).toEqual({ tokens: wanted.length, finished: 'length' });
    expect(transcript?.text).toContain('آ');
    expect(await program(shown)).toMatchObject({ text: transcript?.text, finished: 'length' });
    const words = z.array(z.looseObject({ word: z.string(), label: z.string() }));
    const one = z.looseObject({ text: z.string(), words });
    const { single } = (
      await expected('bert_tokcls', z.looseObject({ cases: z.looseObject({ single: one }) }))
    ).cases;
    await shown.page.locator('#model').selectOption({ label: 'labels' });
    await shown.page.locator('#noise, #maxTokens').waitFor({ state: 'detached' });
    await shown.page.locator('#text-input textarea').fill(single.text);
    await shown.page.locator('#run').click();
    await shown.page.locator('.spoken').waitFor();
    const { tagged } = await answer(shown);
    expect(tagged).toEqual(single.words.map(({ word, label }) => ({ word, label })));
  });

  it('speak, two on one text, and hold nothing once they are freed', async () => {
    const shown = await playground('voice', { engine: 'wasm' });
    const { page } = shown;
    await page.locator('#text-input textarea').fill('سلای '.repeat(30));
    await page.locator('#seed').fill('3');
    await page.locator('#other').selectOption({ label: 'bass' });
    await page.locator('#run').click();
    await page.locator('#spoken-second').waitFor();
    const first = await answer(shown);
    expect(first.samples).toBeGreaterThan(100);
    expect(await program(shown)).toEqual({ samples: first.samples, sampleRate: 8000 });
    expect(first.firstMs).toBeGreaterThan(0);
    expect(first.tensors).toBeGreaterThan(10);
    // Each in a worker of its own.
    expect(page.workers()).toHaveLength(2);
    expect(await page.locator('.figures').first().textContent()).toMatch(
      /first sound after.*real-time factor.*tensors/,
    );
    await page.locator('#place').selectOption('backend');
    await eventually(() => page.workers().length === 0);
    const freed = page.locator('output[data-freed]');
    expect(JSON.parse((await freed.textContent()) ?? '')).toEqual({ bytes: 0, tensors: 0 });
    await page.locator('#place').selectOption('page');
    await page.locator('#run').click();
    await eventually(async () => (await answer(shown)).samples === first.samples, { timeoutMs: 30_000 });
  });

  it('end with the page', async () => {
    const shown = await playground('voice', { engine: 'wasm' });
    await shown.page.locator('#text-input textarea').fill('سلا');
    await shown.page.locator('#run').click();
    expect((await answer(shown)).tensors).toBeGreaterThan(10);
    expect(shown.page.workers()).toHaveLength(1);
    await shown.page.evaluate(() => dispatchEvent(new Event('pagehide')));
    await eventually(() => shown.page.workers().length === 0);
    const freed = (await shown.page.locator('output[data-freed]').textContent()) ?? '';
    expect(JSON.parse(freed)).toEqual({ bytes: 0, tensors: 0 });
  });
});
