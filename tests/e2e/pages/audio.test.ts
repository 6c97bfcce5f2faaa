import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { panelInput } from '../../../protocol/api/panel';
import { eventually } from '../../fixtures/eventually';
import { seriousViolations } from './axe';
import { launchBrowser, openPage, picture, type OpenOptions, type OpenPage } from './harness';
import { audioInputOf, readParts } from './soundPanel';
import { glide } from './sounds';

let browser: Browser;
let folder: string;
let open: OpenPage | undefined;
beforeAll(async () => {
  browser = await launchBrowser();
  folder = await mkdtemp(path.join(tmpdir(), 'goya-sounds-'));
  await writeFile(path.join(folder, 'glide.wav'), glide(3, 44_100, 2));
  await writeFile(path.join(folder, 'mulaw.wav'), glide(2, 8000, 1, 'mulaw'));
  await writeFile(path.join(folder, 'سلام ۱.wav'), glide(1));
  await writeFile(path.join(folder, 'hour.wav'), glide(1800, 16_000));
  await writeFile(path.join(folder, 'broken.wav'), 'this is no sound');
  await writeFile(path.join(folder, 'broken.mp3'), 'nor is this');
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

/** The files that the page shows; a test gives it others. */
let shownNames: readonly string[] = [];

async function audio(
  names: string | readonly string[],
  options: Partial<OpenOptions> = {},
): Promise<OpenPage> {
  shownNames = [names].flat();
  const input = await audioInputOf(folder, ...shownNames);
  open = await openPage(browser, {
    page: 'audio',
    input: () => input,
    parts: (request) => readParts(folder, shownNames, request),
    ...options,
  });
  return open;
}

async function give({ peer }: OpenPage, ...names: readonly string[]): Promise<void> {
  shownNames = names;
  peer.notify(panelInput, { input: await audioInputOf(folder, ...names) });
}

const measured = ({ page }: OpenPage): Promise<void> =>
  page.locator('[data-figure="peak"]').waitFor({ timeout: 60_000 });
const figure = ({ page }: OpenPage, name: string): Promise<string | null> =>
  page.locator(`[data-figure="${name}"]`).textContent();

/** Pixels of a canvas that are not empty. */
function inked({ page }: OpenPage, selector: string): Promise<number> {
  return page.locator(selector).evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    let count = 0;
    for (let i = 3; i < data.length; i += 4) if ((data[i] ?? 0) > 0) count++;
    return count;
  });
}
/** The spectrogram of what is in view is whole. */
const settled = ({ page }: OpenPage): Promise<void> =>
  page.locator('.spectrogram[data-done="true"]').first().waitFor({ timeout: 60_000 });
const position = async ({ page }: OpenPage): Promise<number> =>
  Number(await page.locator('[role="slider"]').getAttribute('aria-valuenow'));

describe('the audio page', () => {
  it('draws and measures a recording', async () => {
    const shown = await audio('glide.wav');
    await measured(shown);
    expect(await figure(shown, 'duration')).toBe('0:03.000');
    expect(await figure(shown, 'format')).toBe('WAV · PCM');
    expect(await figure(shown, 'rate')).toBe('44,100 Hz');
    expect(await figure(shown, 'channels')).toBe('stereo');
    expect(await figure(shown, 'silence')).toBe('10%');
    expect(Number(await figure(shown, 'clippings'))).toBeGreaterThan(100);
    for (const canvas of ['.overview', '.wave', '.spectrogram'])
      await eventually(() => inked(shown, canvas).then((count) => count > 3000));
  });

  it('plays, pauses, seeks, selects, loops and zooms by keyboard', async () => {
    const shown = await audio('glide.wav');
    await measured(shown);
    const { page } = shown;
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await eventually(async () => (await position(shown)) > 0.2);
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: 'Play' }).waitFor();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await eventually(async () => (await position(shown)) === 1);
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    await page.keyboard.press('l');
    await eventually(() => JSON.stringify(shown.state()).includes('"loop":true'));
    const box = await page.locator('.wave-lane').boundingBox();
    expect(box).not.toBeNull();
    if (box === null) return;
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.25, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, y, { steps: 4 });
    await page.mouse.up();
    await page.locator('.selection').waitFor();
    await page.locator('#play').click();
    // A loop of less than half a second: the position never leaves it.
    const seen: number[] = [];
    await eventually(async () => seen.push(await position(shown)) > 15, { everyMs: 60 });
    const { view } = shown.state() as { view: { selection: { from: number; to: number } } };
    expect(Math.max(...seen)).toBeLessThan(view.selection.to + 0.15);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(Math.min(1, view.selection.from) - 0.01);
    await page.keyboard.press('Escape');
    await page.locator('.selection').waitFor({ state: 'hidden' });
  });

  it('keeps its place over a reload, but not for another file', async () => {
    const shown = await audio('glide.wav');
    await measured(shown);
    await shown.page.keyboard.press('ArrowRight');
    await shown.page.keyboard.press('+');
    await eventually(() => JSON.stringify(shown.state()).includes('"time":1'));
    const state = shown.state();
    await shown.close();
    const again = await audio('glide.wav', { state });
    await measured(again);
    await eventually(async () => (await position(again)) === 1);
    await give(again, 'mulaw.wav');
    await again.page.locator('h1', { hasText: 'mulaw.wav' }).waitFor();
    await eventually(async () => (await figure(again, 'format')) === 'WAV · µ-law');
    expect(await position(again)).toBe(0);
  });

  it('shows a file that was written anew', async () => {
    const changing = path.join(folder, 'changing.wav');
    await copyFile(path.join(folder, 'mulaw.wav'), changing);
    const shown = await audio('changing.wav');
    await measured(shown);
    await copyFile(path.join(folder, 'glide.wav'), changing);
    await give(shown, 'changing.wav');
    await eventually(async () => (await figure(shown, 'duration')) === '0:03.000');
  });

  it('stays alive while it reads half an hour', async () => {
    const shown = await audio('hour.wav');
    const { page } = shown;
    await page.locator('.wave').waitFor({ timeout: 60_000 });
    const during = await page.evaluate(async () => {
      let longest = 0;
      const observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) longest = Math.max(longest, entry.duration);
      });
      observer.observe({ type: 'longtask' });
      while (document.querySelector('[data-figure="peak"]') === null)
        await new Promise((resolve) => requestAnimationFrame(resolve));
      return longest;
    });
    expect(await figure(shown, 'duration')).toBe('30:00.000');
    // Tasks of ours end after 8 ms; the margin is for a busy machine.
    expect(during).toBeLessThan(400);
  });

  it.each(['broken.wav', 'broken.mp3', 'missing.wav'])('says what is wrong with %s', async (name) => {
    const shown = await audio(name);
    const alert = shown.page.locator('[role="alert"] .banner');
    await alert.waitFor();
    expect(await alert.textContent()).toContain(name);
    await shown.page.getByRole('button', { name: 'Try again' }).waitFor();
  });

  it.each([
    ['dark', 'en', 1000],
    ['light', 'en', 1000],
    ['highContrast', 'en', 1000],
    ['dark', 'fa', 320],
  ] as const)('can be used by everyone: %s, %s, %i px', async (theme, language, width) => {
    const shown = await audio('سلام ۱.wav', { theme, language, width });
    await measured(shown);
    expect(await seriousViolations(shown.page)).toEqual([]);
    expect(await shown.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await settled(shown);
    await picture(shown.page, `audio-${theme}-${language}-${width}`);
    if (language === 'fa') expect(await figure(shown, 'channels')).toBe('تک‌کاناله');
  });
});
