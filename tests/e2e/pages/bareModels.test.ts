/** The playground with models that say nothing of themselves: a published one that hears, one of pictures, one of numbers. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { crc32, deflateSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { panelCopy, panelFileUri, panelPickFile, panelSaveFile } from '../../../protocol/api/panel';
import { eventually } from '../../fixtures/eventually';
import { graphFiles, placeholder, twoOutputs, type GraphParts } from '../../fixtures/graphModel';
import { seriousViolations } from './axe';
import { launchBrowser, openPage, type OpenOptions, type OpenPage } from './harness';
import { glide } from './sounds';

const repository = path.resolve(import.meta.dirname, '../../..');
const published = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@spotify/basic-pitch/package.json')),
  'model',
);
const tensors = z.array(
  z.object({ name: z.string().optional(), shape: z.array(z.number()), data: z.array(z.number()) }),
);
const result = z.object({ engine: z.string(), values: tensors });

let browser: Browser;
let folder: string;
let open: OpenPage | undefined;
let picked = '';
const copied: string[] = [];
const saved: { name: string; text: string }[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  folder = await mkdtemp(path.join(tmpdir(), 'goya-bare-'));
  const pictures: GraphParts = {
    nodes: [placeholder('picture', [-1, 8, 8, 3]), { name: 'Identity', op: 'Identity', input: ['picture'] }],
  };
  await writeModel('numbers', twoOutputs);
  await writeModel('pictures', pictures);
  await writeFile(at('numbers/labels.txt'), 'سیب\nگلابی\nانار\n');
  await writeFile(at('clip.wav'), glide(2.5, 22_050, 1));
  await writeFile(
    at('half.png'),
    png(16, 8, (x) => (x < 8 ? [255, 0, 0] : [0, 0, 255])),
  );
  await symlink(path.join(repository, 'node_modules'), at('node_modules'));
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  // A model without goya.json or labels: the browser reports that they are not there.
  const problems = open?.problems.filter((problem) => !problem.includes('404')) ?? [];
  await open?.close();
  open = undefined;
  copied.length = 0;
  saved.length = 0;
  expect(problems).toEqual([]);
});

const at = (name: string): string => path.join(folder, name);

async function writeModel(name: string, parts: GraphParts): Promise<void> {
  await mkdir(at(name));
  for (const [file, bytes] of graphFiles(parts)) await writeFile(at(`${name}/${file}`), bytes);
}

/** RGB, each row without a filter. */
function png(width: number, height: number, colour: (x: number, y: number) => number[]): Buffer {
  const rows = Array.from({ length: height }, (_, y) => [
    0,
    ...Array.from({ length: width }, (_, x) => colour(x, y)).flat(),
  ]);
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const start = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = deflateSync(Buffer.from(rows.flat()));
  return Buffer.concat([start, chunk('IHDR', head), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

async function playground(name: string, options: Partial<OpenOptions> = {}): Promise<OpenPage> {
  const modelPath = name === 'pitch' ? published : at(name);
  open = await openPage(browser, {
    page: 'playground',
    folders: { files: folder, pitch: published },
    input: (origin) => ({
      modelUri: name === 'pitch' ? `${origin}/pitch/` : `${origin}/files/${name}/`,
      modelPath,
      name,
      wasmUri: `${origin}/dist/wasm/`,
      scratchPath: folder,
      models: [{ name, path: modelPath }],
    }),
    state: { engine: 'wasm', compare: false, row: {}, history: [] },
    panel: (peer, origin) => {
      const uri = (file: string): string => `${origin}/files/${path.relative(folder, file)}`;
      peer.handle(panelFileUri, (params) => Promise.resolve({ uri: uri(params.path) }));
      peer.handle(panelPickFile, () => Promise.resolve({ path: picked, uri: uri(picked) }));
      peer.handle(panelCopy, ({ text }) => {
        copied.push(text);
        return Promise.resolve({});
      });
      peer.handle(panelSaveFile, ({ name: file, base64 }) => {
        saved.push({ name: file, text: Buffer.from(base64, 'base64').toString('utf8') });
        return Promise.resolve({ path: at(file) });
      });
    },
    ...options,
  });
  await open.page.locator('#run:not([disabled])').waitFor({ timeout: 60_000 });
  return open;
}

async function run({ page }: OpenPage): Promise<z.infer<typeof result>> {
  const text = (): Promise<string | null> => page.locator('output[data-result]').textContent();
  await page.evaluate(() => {
    const place = document.querySelector('output[data-result]');
    if (place !== null) place.textContent = '';
  });
  await page.locator('#run').click();
  return result.parse(
    JSON.parse(await eventually(async () => (await text()) || false, { timeoutMs: 60_000 })),
  );
}

async function runCode({ page }: OpenPage): Promise<z.infer<typeof tensors>> {
  await page.locator('#view-code').click();
  const before = copied.length;
  await page.locator('#copy-code').click();
  await eventually(() => copied.length > before);
  const file = at(`run-${Math.random().toString(36).slice(2)}.mjs`);
  await writeFile(file, copied.at(-1) ?? '');
  const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: folder, maxBuffer: 1e9 });
  return tensors.parse(JSON.parse(stdout.slice(stdout.search(/\[\{/))));
}

async function pick({ page }: OpenPage, button: string, file: string): Promise<void> {
  picked = at(file);
  await page.locator(button).click();
  await page.getByText(file).first().waitFor();
}

const memoryOf = async ({ page }: OpenPage): Promise<string | undefined> =>
  /memory [^·]*/.exec((await page.locator('.figures').first().textContent()) ?? '')?.[0];

describe('a model without metadata', () => {
  it('hears: a published graph model shows the heat maps of a sound', async () => {
    const shown = await playground('pitch');
    const { page } = shown;
    expect(await page.locator('header').textContent()).toContain('graph model');
    expect(await page.locator('[data-input="input_2"] legend').textContent()).toContain(
      'float32 [?, 43844, 1]',
    );
    await page.locator('[id="sampleRate-input_2"] input').fill('22050');
    await page.locator('[id="windowHop-input_2"] input').fill('۳۶۱۶۴');
    await pick(shown, '#choose-audio', 'clip.wav');
    const { engine, values } = await run(shown);
    expect(engine).toBe('wasm');
    expect(values.map(({ name, shape }) => [name, shape])).toEqual([
      ['contour', [1, 217, 264]],
      ['Identity_1:0', [1, 217, 88]],
      ['Identity_2:0', [1, 217, 88]],
    ]);
    expect(await page.locator('canvas.heat-map').count()).toBe(3);
    const drawn = await page
      .locator('canvas.heat-map')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return [canvas.width, canvas.height, new Set(new Uint32Array(data.buffer)).size];
      });
    expect(drawn.slice(0, 2)).toEqual([217, 264]);
    expect(drawn[2]).toBeGreaterThan(50);
    expect(await page.locator('.figures').first().textContent()).toContain('real-time factor');
    const memory = await memoryOf(shown);
    await run(shown);
    expect(memory).toBeDefined();
    expect(await memoryOf(shown)).toBe(memory);
    await page.locator('[data-output="Identity_1:0"] select').selectOption('table');
    await page.locator('[data-output="Identity_1:0"] td').first().waitFor();
    await page.locator('[data-output="Identity_1:0"]').getByText('Save as CSV…').click();
    await eventually(() => saved.length > 0);
    expect([saved[0]?.name, saved[0]?.text.trimEnd().split('\n').length]).toEqual(['Identity_1_0.csv', 217]);
    expect(await seriousViolations(page)).toEqual([]);
    const { bare } = z.looseObject({ bare: z.unknown() }).parse(shown.state());
    expect(JSON.stringify(bare)).toContain('۳۶۱۶۴');
    const again = await playground('pitch', { state: shown.state() });
    expect(await again.page.locator('[id="windowHop-input_2"] input').inputValue()).toBe('۳۶۱۶۴');
  });

  it('takes numbers, names classes by the file beside it, and its code says the same', async () => {
    const shown = await playground('numbers');
    const { page } = shown;
    await page.locator('#numbers-features textarea').fill('1, 2\n3, 4');
    await page.locator('#numbers-a textarea').fill('[1, 2]');
    await page.locator('#source-b').selectOption('zeros');
    const { values } = await run(shown);
    expect(values[1]?.data).toEqual([1, 2]);
    await page.locator('[data-output="scores"] select').selectOption('scores');
    await page.getByText('گلابی').first().waitFor();
    const program = await runCode(shown);
    values.forEach(({ shape, data }, i) => {
      expect(program[i]?.shape).toEqual(shape);
      data.forEach((value, k) => expect(program[i]?.data[k]).toBeCloseTo(value, 5));
    });
    await page.locator('#numbers-a textarea').fill('1.5');
    await page.locator('#run').click();
    await page.locator('[data-kind="input.invalid"]').waitFor();
    expect(await page.locator('.banner').textContent()).toContain('whole numbers');
  });

  it('sees: a picture is cut to its middle, scaled as the form says, and shown again', async () => {
    const shown = await playground('pictures', { language: 'fa', theme: 'light' });
    const { page } = shown;
    await pick(shown, '[id="image-picture"]', 'half.png');
    await page.locator('#range-picture').selectOption('0..1');
    const { values } = await run(shown);
    expect(values[0]?.shape).toEqual([1, 8, 8, 3]);
    // The middle 8 × 8 of 16 × 8: red at the left, blue at the right.
    expect(values[0]?.data.slice(0, 3)).toEqual([1, 0, 0]);
    expect(values[0]?.data.slice(21, 24)).toEqual([0, 0, 1]);
    await page.locator('.bare-output canvas.image-preview').waitFor();
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
    expect(await seriousViolations(page)).toEqual([]);
  });
});
