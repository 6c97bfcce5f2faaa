import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MetricPoint, Run } from '../../../protocol/model/run';
import { openEmbeddedTest, type TestDatabase } from '../../../tests/fixtures/databases';
import { readEvents } from '../../../tests/fixtures/tfEvents';
import { MetricsStore } from '../../stores/metrics';
import { RunsStore } from '../../stores/runs';
import { exportMetrics, type ExportRequest } from './exportMetrics';

let database: TestDatabase;
let folder: string;
let stores: { runs: RunsStore; metrics: MetricsStore };
beforeAll(async () => (database = await openEmbeddedTest()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  await database.reset();
  stores = { runs: new RunsStore(database.db), metrics: new MetricsStore(database.db) };
  folder = await mkdtemp(path.join(tmpdir(), 'goya-export-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = '2026-11-22T10:00:00.250Z';
const points: MetricPoint[] = [
  { step: 1, epoch: 0, name: 'batch_loss', value: 0.1 + 0.2, at },
  { step: 2, epoch: 0, name: 'system/rss', value: 123_456_789, at },
  { step: 2, epoch: 1, name: 'val_loss', value: 1e-9, at },
];
async function newRun(name: string, own = points): Promise<Run> {
  const run = await stores.runs.create({ name, task: 't', epochs: 1, config: {} });
  await stores.metrics.insertMany(run.id, own);
  return run;
}

describe('an export', () => {
  it('as CSV has a row for each point of each run, exactly', async () => {
    const first = await newRun('واژه‌ها, "بلند"');
    const second = await newRun('plain', points.slice(0, 1));
    const file = path.join(folder, 'sub', 'metrics.csv');
    const answer = await exportMetrics(stores, {
      id: first.id,
      others: [second.id, first.id],
      format: 'csv',
      path: file,
    });
    expect(answer).toEqual({ files: [file], points: 4 });
    expect((await readFile(file, 'utf8')).split('\r\n')).toEqual([
      'run,run_id,metric,step,epoch,value,time',
      `"واژه‌ها, ""بلند""",${first.id},batch_loss,1,0,0.30000000000000004,${at}`,
      `"واژه‌ها, ""بلند""",${first.id},system/rss,2,0,123456789,${at}`,
      `"واژه‌ها, ""بلند""",${first.id},val_loss,2,1,1e-9,${at}`,
      `plain,${second.id},batch_loss,1,0,0.30000000000000004,${at}`,
      '',
    ]);
  });

  it('for TensorBoard has a folder for each run, and takes the place of an older one', async () => {
    const first = await newRun('../واژه‌ها ۲');
    const second = await newRun('plain');
    const request: ExportRequest = {
      id: first.id,
      others: [second.id],
      format: 'tensorboard',
      path: folder,
    };
    const { files } = await exportMetrics(stores, request);
    expect((await readdir(folder)).sort()).toEqual(
      [`plain-${second.id.slice(0, 8)}`, `واژه‌ها-۲-${first.id.slice(0, 8)}`].sort(),
    );
    const old = path.join(path.dirname(files[0]!), 'events.out.tfevents.0000000001.elsewhere');
    await writeFile(old, '');
    await exportMetrics(stores, request);
    expect(await readdir(path.dirname(files[0]!))).toEqual([path.basename(files[0]!)]);
    const [version, ...events] = readEvents(await readFile(files[0]!));
    expect(version?.version).toBe('brain.Event:2');
    expect(events.map(({ step, tag, value, wallTime }) => ({ step, tag, value, wallTime }))).toEqual(
      points.map(({ step, name, value }) => ({
        step,
        tag: name,
        value: Math.fround(value),
        wallTime: Date.parse(at) / 1000,
      })),
    );
  });

  it('says where it could not write, and leaves nothing half-written', async () => {
    const run = await newRun('r');
    await writeFile(path.join(folder, 'file'), '');
    await expect(
      exportMetrics(stores, { id: run.id, format: 'csv', path: path.join(folder, 'file', 'm.csv') }),
    ).rejects.toMatchObject({ kind: 'training.outputFailed' });
    await expect(
      exportMetrics(stores, { id: run.id, format: 'csv', path: 'relative.csv' }),
    ).rejects.toMatchObject({ kind: 'training.outputFailed' });
    expect(await readdir(folder)).toEqual(['file']);
  });
});
