import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleTrainer, type TrainerBundle } from '../../../tests/fixtures/trainerBundle';
import type { TrialMessage } from '../../training/trainerProtocol';
import { estimateRun } from './estimate';

/** Hangs where a task reads its data, as a network drive can. */
const hanging = `
  import task from '../tabular-classification/index.js';
  const prepare = () => new Promise(() => { process.stderr.write('reading\\n'); setInterval(() => {}, 1e6); });
  export default { ...task, load: async () => ({ prepare }) };
`;

let bundle: TrainerBundle;
let folder: string;
beforeAll(async () => {
  bundle = await bundleTrainer(['tabular-classification'], { hangs: hanging });
  folder = await mkdtemp(path.join(tmpdir(), 'goya-estimate-'));
  const rows = Array.from({ length: 200 }, (_, i) => `${i % 7},${i % 5},${i % 2 === 0 ? 'even' : 'odd'}`);
  await writeFile(path.join(folder, 'points.csv'), `x,y,label\n${rows.join('\n')}\n`);
}, 60_000);
afterAll(async () => {
  await bundle.remove();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const trial = (change: Partial<TrialMessage> = {}, training: object = {}): TrialMessage => ({
  type: 'trial',
  config: {
    task: 'tabular-classification',
    name: 'points',
    data: { path: 'points.csv', validation: 0.2 },
    training: { epochs: 50, batchSize: 16, seed: 1, ...training },
  },
  basePath: folder,
  task: {
    id: 'tabular-classification',
    entry: path.join(bundle.pluginFolder, 'tabular-classification', 'index.js'),
  },
  engine: 'cpu',
  storagePath: path.join(folder, '.goya'),
  ...change,
});
const run = (message: TrialMessage, signal = new AbortController().signal, timeout = 60_000) =>
  estimateRun({ entry: bundle.trainerEntry, trial: message, signal, timeout, noise: () => undefined });

describe('estimateRun', () => {
  it('measures real steps and writes nothing', async () => {
    const estimate = await run(trial());
    expect(estimate).toMatchObject({ engine: 'cpu', stepsPerEpoch: 10, epochs: 50 });
    expect(estimate.stepsMeasured).toBeGreaterThan(3);
    expect(estimate.stepMs).toBeGreaterThan(0);
    expect(estimate.validationMs).toBeGreaterThan(0);
    expect(estimate.peakMemoryBytes).toBeGreaterThan(30e6);
    const { seconds, prepareMs, stepMs, validationMs = 0 } = estimate;
    expect(seconds * 1000).toBeCloseTo(prepareMs + 50 * (10 * stepMs + validationMs), 3);
    expect(await readdir(folder)).toEqual(['points.csv']);
  }, 60_000);

  it('measures a run that is over before the trial', async () => {
    expect(await run(trial({}, { epochs: 1, batchSize: 160 }))).toMatchObject({
      stepsMeasured: 1,
      stepsPerEpoch: 1,
      epochs: 1,
    });
  }, 60_000);

  it('says what the task says when it fails', async () => {
    const gone = trial({ basePath: path.join(folder, 'nowhere') });
    await expect(run(gone)).rejects.toMatchObject({
      message: expect.stringContaining('points.csv') as string,
    });
  }, 60_000);

  it('ends with its caller, and by itself when a task hangs', async () => {
    const entry = path.join(bundle.pluginFolder, 'hangs', 'index.js');
    const { config } = trial();
    const message = trial({ config: { ...config, task: 'hangs' }, task: { id: 'hangs', entry } });
    const stop = new AbortController();
    const answer = estimateRun({
      entry: bundle.trainerEntry,
      trial: message,
      signal: stop.signal,
      noise: (line) => (line === 'reading' ? stop.abort() : undefined),
    });
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    await expect(run(message, undefined, 1)).rejects.toMatchObject({ kind: 'engine.unavailable' });
  }, 60_000);
});
