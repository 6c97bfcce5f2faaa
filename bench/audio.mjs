/**
 * The audio page in Chromium, on files that are made here: first pixels of ten minutes (stereo, 44.1 kHz), frames a
 * second while they are scrolled through, and what two hours take of the renderer's memory.
 */
import { mkdtemp, open, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from '../scripts/lib/chromium.mjs';
import { Failure } from '../scripts/lib/failure.mjs';
import { audioPageServer } from './lib/audioPage.mjs';
import { option } from './lib/options.mjs';
import { privateBytes, settledBytes } from './lib/resident.mjs';

/** @param {import('./lib/report.mjs').Report} report */
export async function audio(report) {
  const executablePath = await findChromium();
  if (!executablePath) throw new Failure('no Chromium here: name one in GOYA_CHROMIUM');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'goya-bench-audio-'));
  try {
    const short = path.join(folder, 'ten-minutes.wav');
    const long = path.join(folder, 'two-hours.wav');
    await writeSpeechlike(short, 600, 44_100, 2);
    await writeSpeechlike(long, 7200, 44_100, 2);
    for (let i = 0; i < Number(option('--runs') ?? 3); i += 1)
      await openAndScroll(report, executablePath, short);
    await memory(report, executablePath, long);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function withPage(executablePath, file, run) {
  const server = await audioPageServer(file);
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--enable-precise-memory-info'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await run(page, server.url, browser);
  } finally {
    await browser.close();
    await server.close();
  }
}

async function openAndScroll(report, executablePath, file) {
  await withPage(executablePath, file, async (page, url) => {
    await page.goto(url);
    const first = await page.evaluate(firstPixels);
    report.note('10 min wav: first pixels of the waveform', first, { unit: 'ms', most: 1000 });
    await page.locator('.spectrogram[data-done="true"]').waitFor();
    await page.locator('[data-figure="peak"]').waitFor();
    report.note('10 min wav: all read and measured', await page.evaluate(() => performance.now()), {
      unit: 'ms',
    });
    await page.locator('.wave-lane').focus();
    for (let i = 0; i < 4; i += 1) await page.keyboard.press('+');
    const { fps, slow } = await page.evaluate(scrollThrough, 4000);
    report.note('10 min wav: frames a second while scrolling', fps, { unit: 'fps', least: 50 });
    report.note('10 min wav: slowest frame while scrolling', slow, { unit: 'ms' });
  });
}

/**
 * The page's process, as VS Code makes it: a frame of another site. An empty frame's memory is taken off for what the
 * page itself adds, since Chromium alone takes most of a process.
 */
async function memory(report, executablePath, file) {
  await withPage(executablePath, file, async (page, url, browser) => {
    const session = await browser.newBrowserCDPSession();
    await page.goto(`${url}editor`);
    const [, frame] = page.frames();
    const pid = await frameProcess(session, frame);
    const empty = await settledBytes(pid, privateBytes);
    await frame.goto(frame.url().replace('blank', 'framed'));
    await frame.evaluate(firstPixels);
    let most = 0;
    while ((await frame.locator('[data-figure="peak"]').count()) === 0) {
      most = Math.max(most, await privateBytes(pid));
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    const seconds = await frame.evaluate(() => performance.now() / 1000);
    const after = await settledBytes(pid, privateBytes);
    report.note('2 h wav (1.27 GB): all read and measured', seconds, { unit: 's' });
    report.note('an empty page: memory of its process', empty / 1e6, { unit: 'MB' });
    report.note('2 h wav: memory of its process, at most', most / 1e6, { unit: 'MB', most: 150 });
    report.note('2 h wav: memory of its process, once measured', after / 1e6, { unit: 'MB', most: 150 });
    report.note('2 h wav: what the page added to an empty one', (after - empty) / 1e6, { unit: 'MB' });
  });
}

/** The renderer that grows when the frame takes memory: Chromium names no frame's process. */
async function frameProcess(session, frame) {
  const renderers = async () =>
    (await session.send('SystemInfo.getProcessInfo')).processInfo.filter(({ type }) => type === 'renderer');
  const before = new Map();
  for (const { id } of await renderers()) before.set(id, await privateBytes(id));
  await frame.evaluate(() => {
    globalThis.ballast = new Uint8Array(64 << 20).fill(1);
  });
  const grown = await Promise.all(
    (await renderers()).map(async ({ id }) => [(await privateBytes(id)) - (before.get(id) ?? 0), id]),
  );
  await frame.evaluate(() => {
    globalThis.ballast.buffer.transfer(0);
    delete globalThis.ballast;
  });
  return grown.sort(([a], [b]) => b - a)[0][1];
}

/** In the page: milliseconds since its address was asked for until the waveform has ink. */
async function firstPixels() {
  for (;;) {
    const canvas = document.querySelector('canvas.wave');
    if (canvas !== null && canvas.width > 1) {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      // The line of silence is drawn before there are peaks: more than it must be there.
      let ink = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i] > 0) ink += 1;
      if (ink > canvas.width * 4) return performance.now();
    }
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

/** In the page: scrolls at every frame for some milliseconds, as a wheel does. */
async function scrollThrough(milliseconds) {
  const lane = document.querySelector('.wave-lane');
  const started = performance.now();
  let before = started;
  let frames = 0;
  let slow = 0;
  let direction = 1;
  while (performance.now() - started < milliseconds) {
    if (frames % 120 === 119) direction = -direction;
    lane.dispatchEvent(new WheelEvent('wheel', { deltaX: 20 * direction, bubbles: true, cancelable: true }));
    const now = await new Promise((resolve) => requestAnimationFrame(resolve));
    if (frames > 0) slow = Math.max(slow, now - before);
    before = now;
    frames += 1;
  }
  return { fps: (frames * 1000) / (performance.now() - started), slow };
}

/** Bursts of a gliding tone, a second made once and written again and again. */
async function writeSpeechlike(file, seconds, rate, channels) {
  const frameBytes = channels * 2;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + seconds * rate * frameBytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * frameBytes, 28);
  header.writeUInt16LE(frameBytes, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(seconds * rate * frameBytes, 40);
  const second = Buffer.alloc(rate * frameBytes);
  for (let i = 0; i < rate; i += 1) {
    const value = Math.sin((i * i) / 60_000) * Math.sin((Math.PI * i) / rate) ** 2 * 20_000;
    for (let c = 0; c < channels; c += 1)
      second.writeInt16LE(Math.round(value / (c + 1)), i * frameBytes + 2 * c);
  }
  const handle = await open(file, 'w');
  await handle.write(header);
  for (let i = 0; i < seconds; i += 1) await handle.write(second);
  await handle.close();
}
