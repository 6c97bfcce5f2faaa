/**
 * The installed extension in real VS Code: what activation takes of its process, and how trees of 5 000 models, downloads,
 * runs and data sets scroll. `--runs N` windows (default 3), `--items N`. Needs the programs of a PostgreSQL server, which
 * the bench fills before VS Code starts.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from '../scripts/lib/chromium.mjs';
import { installExtension, startCodeServer, writeUserSettings } from '../scripts/lib/codeServer/start.mjs';
import { findPostgresBin } from '../scripts/lib/postgres.mjs';
import { root } from '../scripts/lib/project.mjs';
import { requirements } from '../scripts/lib/requirements.mjs';
import { packageVsix } from '../scripts/lib/vsix.mjs';
import { option } from './lib/options.mjs';
import { startPostgres } from './lib/postgresServer.mjs';
import { fillDatabase } from './studio/fill.mjs';
import { activationTime, openSidebar, openWindow, scrollTree } from './studio/window.mjs';

const trees = ['Models', 'Downloads', 'Training', 'Data Sets'];

/** @param {import('./lib/report.mjs').Report} report */
export async function studio(report) {
  const bin = await findPostgresBin();
  if (!bin) {
    process.stdout.write('no PostgreSQL server programs here: trees were not measured\n');
    return;
  }
  const runs = Number(option('--runs') ?? 3);
  const items = Number(option('--items') ?? 5000);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'goya-bench-studio-'));
  const postgres = await startPostgres(bin);
  try {
    await fillDatabase({ url: postgres.url, folder, items });
    await inVsCode(folder, postgres.url, async (browser, url) => {
      for (let i = 0; i < runs; i += 1) await measureWindow(report, browser, url, items);
    });
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function inVsCode(folder, databaseUrl, work) {
  const codeServer = await requirements.codeserver();
  const vsix = path.join(folder, 'goya.vsix');
  await packageVsix({ root, file: vsix });
  const places = {
    folder: codeServer,
    extensionsDir: path.join(folder, 'extensions'),
    userDataDir: path.join(folder, 'profile'),
  };
  const workspace = path.join(folder, 'workspace');
  await mkdir(workspace, { recursive: true });
  await installExtension({ ...places, vsix });
  await writeUserSettings(places.userDataDir, {
    'workbench.startupEditor': 'none',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'telemetry.telemetryLevel': 'off',
  });
  const env = { DATABASE_URL: databaseUrl, HF_HUB_OFFLINE: '1' };
  const server = await startCodeServer({ ...places, workspace, env });
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath: await findChromium(), args });
  try {
    await work(browser, server.url);
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function measureWindow(report, browser, url, items) {
  const page = await openWindow(browser, url);
  try {
    await openSidebar(page);
    for (const title of trees) {
      const { shownMs, fps, longestMs } = await scrollTree(page, title, items);
      report.note(`tree of ${items}, ${title}: unfolded`, shownMs, { unit: 'ms' });
      report.note(`tree of ${items}, ${title}: scrolls at`, fps, { unit: 'fps', least: 50 });
      report.note(`tree of ${items}, ${title}: longest frame`, longestMs, { unit: 'ms', most: 100 });
    }
    report.note('activation of our own code', await activationTime(page), { unit: 'ms', most: 50 });
  } finally {
    await page.close();
  }
}
