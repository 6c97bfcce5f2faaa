/** Data sets: 10 000 clips looked at, a second time, stopped half way; the rows of 100 000 scrolled. `--clips N`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { BackendClient } from '../scripts/lib/backendClient.mjs';
import { root } from '../scripts/lib/project.mjs';
import { makeClips, makeRows } from './datasets/make.mjs';
import { scrollRows } from './datasets/scroll.mjs';
import { option } from './lib/options.mjs';
import { residentBytes } from './lib/resident.mjs';

const clips = Number(option('--clips') ?? 10_000);
const seconds = 3;

/** @param {import('./lib/report.mjs').Report} report */
export async function datasets(report) {
  const folder = await mkdtemp(path.join(tmpdir(), 'goya-bench-datasets-'));
  const client = new BackendClient(root, { env: { DATABASE_URL: '' } });
  try {
    await client.call('initialize', {
      protocolVersion: 1,
      client: { name: 'goya-bench-datasets', version: '1' },
      storagePath: path.join(folder, 'storage'),
      modelsPath: path.join(folder, 'models'),
    });
    const set = path.join(folder, 'set');
    await makeClips(set, { clips, seconds });
    await inspect(report, client, set);
    await makeRows(path.join(folder, 'rows'), 100_000);
    const { fps, longest } = await scrollRows(client, path.join(folder, 'rows', 'rows.csv'));
    report.note('datasets: frames a second, 100 000 rows scrolled', fps, { unit: 'fps', least: 50 });
    report.note('datasets: the longest frame of it', longest, { unit: 'ms' });
  } finally {
    await client.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function inspect(report, client, set) {
  // The first one starts the database: that is no wait for the inspection.
  await client.call('datasets/list');
  // Another request meanwhile: how long the backend lets it wait.
  let [slowest, peak, running] = [0, 0, true];
  const others = (async () => {
    while (running) {
      const at = performance.now();
      await client.call('datasets/list');
      slowest = Math.max(slowest, performance.now() - at);
      peak = Math.max(peak, (await residentBytes(client.pid)) / 2 ** 20);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  const name = `datasets: ${clips} clips of ${seconds} s`;
  for (const [which, most] of [
    ['looked at', 60],
    ['looked at again', 10],
  ]) {
    const at = performance.now();
    const { items } = await client.call('datasets/inspect', { path: set, token: which });
    if (items !== clips) throw new Error(`${items} of ${clips} clips were found`);
    report.note(`${name}, ${which}`, (performance.now() - at) / 1000, { unit: 's', most });
  }
  running = false;
  await others;
  report.note('datasets: longest wait of another request meanwhile', slowest, { unit: 'ms', most: 500 });
  report.note('datasets: memory of the backend at most', peak, { unit: 'MB' });
}
