/** What it takes to pronounce one word, asked of the built backend as an editor asks: message, model, answer. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { BackendClient } from '../scripts/lib/backendClient.mjs';
import { root } from '../scripts/lib/project.mjs';
import { median } from './lib/report.mjs';

const words = 200;
/** Milliseconds a word. */
const bound = 5;

/** @param {import('./lib/report.mjs').Report} report */
export async function g2p(report) {
  const folder = await mkdtemp(path.join(tmpdir(), 'goya-bench-g2p-'));
  const client = new BackendClient(root, { env: { DATABASE_URL: '' } });
  try {
    await client.call('initialize', {
      protocolVersion: 1,
      client: { name: 'goya-bench-g2p', version: '1' },
      storagePath: path.join(folder, 'storage'),
      modelsPath: path.join(folder, 'models'),
      workspacePath: folder,
      trusted: true,
    });
    for (const engine of ['auto', 'wasm']) {
      await client.call('settings/update', { settings: { training: { engine } } });
      await measure(report, client, engine);
    }
  } finally {
    await client.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** None of these words is in the lexicon: all of them are the model's. */
async function measure(report, client, engine) {
  const lines = await readFile(path.join(root, 'samples', 'workspace', 'data', 'lexicon', 'dev.tsv'), 'utf8');
  const every = lines.split('\n').filter((line) => line !== '');
  const chosen = every
    .filter((_, i) => i % Math.floor(every.length / words) === 0)
    .map((line) => line.split('\t')[0]);
  const modelPath = path.join(root, 'assets', 'g2p-fa');
  const one = (word) => client.call('inference/run', { modelPath, input: { text: word } });
  const ways = {
    'inference/run': one,
    'text/phonemize': (text) => client.call('text/phonemize', { text }),
  };
  const { engine: used } = await one(chosen[0]);
  const own = [];
  for (const word of chosen) own.push((await one(word)).timings.runMs);
  report.note(`g2p: a word in the model alone, ${engine}`, median(own), { unit: 'ms', most: bound });
  for (const [name, ask] of Object.entries(ways)) {
    for (const word of chosen.slice(0, 50)) await ask(word);
    const taken = [];
    for (const word of chosen) {
      const at = performance.now();
      await ask(word);
      taken.push(performance.now() - at);
    }
    const sorted = taken.toSorted((a, b) => a - b);
    report.note(`g2p: a word by ${name}, ${engine} (${used})`, median(taken), { unit: 'ms', most: bound });
    report.note(`g2p: 95 of 100 words by ${name}, ${engine}`, sorted[Math.floor(sorted.length * 0.95)], {
      unit: 'ms',
    });
  }
  const at = performance.now();
  await client.call('inference/run', { modelPath, input: { values: chosen } });
  report.note(
    `g2p: a word of ${chosen.length} at once, ${engine}`,
    (performance.now() - at) / chosen.length,
    { unit: 'ms' },
  );
}
