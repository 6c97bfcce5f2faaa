import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dataset } from '../../protocol/model/dataset';
import { isStudioError, StudioError } from '../../protocol/wire/errors';
import { useHubClient } from '../../tests/fixtures/hubClient';
import { DatasetDesk } from '../datasets/desk';
import type { DatasetInput } from '../stores/datasets';
import { DatasetsService } from './datasets';

let root: string;
const loopback = useHubClient();
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'goya-datasets-'));
  await writeFile(path.join(root, 'flowers.csv'), 'length,label\n1,a\n2,b\nNaN,a\n');
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** The table in memory: what the store promises, without a database. */
class MemoryStore {
  private readonly rows = new Map<string, Dataset>();
  private seq = 0;

  upsert(input: DatasetInput): Promise<Dataset> {
    const known = [...this.rows.values()].find((row) => row.path === input.path);
    const id = known?.id ?? `00000000-0000-4000-8000-00000000000${this.rows.size}`;
    const row = { ...input, id, createdAt: '2026-01-01T00:00:00.000Z', seq: ++this.seq };
    this.rows.set(id, row);
    return Promise.resolve(row);
  }

  list(): Promise<Dataset[]> {
    return Promise.resolve([...this.rows.values()]);
  }

  remove(id: string): Promise<Dataset> {
    const row = this.rows.get(id);
    if (row === undefined) return Promise.reject(new StudioError('dataset.notFound', 'There is none.'));
    this.rows.delete(id);
    return Promise.resolve(row);
  }
}

function service(workspacePath?: string): { datasets: DatasetsService; events: string[] } {
  const datasets = new DatasetsService({
    store: new MemoryStore(),
    hub: { api: loopback.client.api, parallelRanges: () => 1 },
    work: new DatasetDesk(path.join(root, 'storage')),
    workspacePath,
    log: pino({ level: 'silent' }),
  });
  const events: string[] = [];
  datasets.on('changed', ({ name, seq }) => events.push(`changed ${name} ${seq}`));
  datasets.on('removed', (id) => events.push(`removed ${id}`));
  return { datasets, events };
}

const kind = async (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (isStudioError(error) ? error.kind : String(error)),
  );

describe('DatasetsService', () => {
  it('inspects without listing', async () => {
    const { datasets, events } = service();
    const report = await datasets.inspect({ path: path.join(root, 'flowers.csv') });
    expect(Object.keys(report).sort()).toEqual(['format', 'items', 'problems', 'stats']);
    expect(report).toMatchObject({ format: 'csv', items: 3 });
    expect(await datasets.list()).toEqual([]);
    expect(events).toEqual([]);
  });

  it('imports with the problems counted, renews on a second import, removes, and says each', async () => {
    const { datasets, events } = service(root);
    const first = await datasets.import({ path: 'flowers.csv' });
    expect(first).toMatchObject({
      name: 'flowers',
      format: 'csv',
      items: 3,
      path: path.join(root, 'flowers.csv'),
    });
    expect(first.sizeBytes).toBe(27);
    await writeFile(path.join(root, 'flowers.csv'), 'length,label\n1,a\n');
    const second = await datasets.import({ path: './flowers.csv', name: 'Flowers' });
    expect(second).toMatchObject({ id: first.id, name: 'Flowers', items: 1 });
    await datasets.remove(first.id);
    expect(await datasets.list()).toEqual([]);
    expect(events).toEqual(['changed flowers 1', 'changed Flowers 2', `removed ${first.id}`]);
    expect(await kind(datasets.remove(first.id))).toBe('dataset.notFound');
  });

  it('rejects what is not there, is no data set, or is relative to nothing', async () => {
    const { datasets } = service();
    await mkdir(path.join(root, 'empty'));
    expect(await kind(datasets.inspect({ path: path.join(root, 'absent') }))).toBe('dataset.notFound');
    expect(await kind(datasets.import({ path: path.join(root, 'empty') }))).toBe('dataset.unsupported');
    expect(await kind(datasets.inspect({ path: 'flowers.csv' }))).toBe('dataset.notFound');
    expect(await kind(datasets.inspect({ path: 'a\0b' }))).toBe('dataset.notFound');
  });

  it('is cancelled by the caller and by closing', async () => {
    const { datasets } = service(root);
    expect(await kind(datasets.inspect({ path: 'flowers.csv' }, { signal: AbortSignal.abort() }))).toBe(
      'cancelled',
    );
    const running = datasets.inspect({ path: 'flowers.csv' });
    await datasets.close();
    expect(await kind(running)).toBe('cancelled');
  });
});

describe('a data set of the hub', () => {
  const fixtures = path.resolve(import.meta.dirname, '../../tests/fixtures/parquet');
  const signal = new AbortController().signal;
  const shard = (name: string) => ({ file: path.join(fixtures, name) });

  async function publish(): Promise<void> {
    await loopback.hub.add('org/speech', {
      'README.md': '# Speech',
      'data/test-00000-of-00001.parquet': shard('test-00000-of-00001.parquet'),
      'data/train-00000-of-00002.parquet': shard('train-00000-of-00002.parquet'),
      'data/train-00001-of-00002.parquet': shard('train-00001-of-00002.parquet'),
    });
  }
  const fetched = () =>
    loopback.hub.requests.filter(({ host, method }) => host === 'cdn' && method === 'GET').length;

  it('comes as plain files: the split, speaker and number of rows that are asked for', async () => {
    await publish();
    const { datasets } = service();
    const target = path.join(root, 'speech');
    const told: unknown[] = [];
    const params = { repoId: 'org/speech', path: target, split: 'train', speaker: 'anna' };
    const added = await datasets.importHub(params, { signal, onProgress: (value) => told.push(value) });
    expect(added).toMatchObject({
      name: 'speech',
      format: 'csv',
      items: 2,
      path: path.join(target, 'rows.csv'),
    });
    const table = await readFile(path.join(target, 'rows.csv'), 'utf8');
    expect(table).toBe(
      'file,text,speaker,split\n' +
        'audio/data-train-00000-of-00002-000001.wav,سلام دنيا,anna,train\n' +
        'audio/data-train-00001-of-00002-000001.wav,سه,anna,train\n',
    );
    expect(await readdir(path.join(target, '.goya'))).toEqual(['hub-import.json']);
    expect(told.at(-1)).toMatchObject({ rows: 2 });
    const few = path.join(root, 'few');
    await datasets.importHub({ repoId: 'org/speech', path: few, split: 'train', limit: 1 }, { signal });
    expect((await readFile(path.join(few, 'rows.csv'), 'utf8')).split('\n')).toHaveLength(3);
    // The second shard was not wanted the second time.
    expect(fetched()).toBe(3);
  });

  it('goes on after the network fails half way, and fetches nothing twice', async () => {
    await publish();
    const { datasets } = service();
    const target = path.join(root, 'speech');
    const params = { repoId: 'org/speech', path: target, split: 'train' };
    loopback.hub.fault({ path: /train-00001/, status: 404 });
    await expect(datasets.importHub(params, { signal })).rejects.toThrow();
    expect(await readdir(target)).not.toContain('rows.csv');
    loopback.hub.clearFaults();
    const before = fetched();
    // Other rows do not go into what is half there.
    for (const other of [
      { split: 'test' },
      { limit: 1 },
      { speaker: 'anna' },
      { layout: 'parquet' as const },
    ])
      await expect(datasets.importHub({ ...params, ...other }, { signal })).rejects.toThrow(
        /holds another import \(org\/speech · train · csv\)/,
      );
    expect(await datasets.importHub(params, { signal })).toMatchObject({ items: 3 });
    await expect(datasets.importHub({ ...params, split: 'test' }, { signal })).rejects.toThrow(
      /another import/,
    );
    expect(fetched() - before).toBe(1);
  });

  it('takes the columns that are named, and names what there is instead of those that are not', async () => {
    await publish();
    const { datasets } = service();
    const target = path.join(root, 'speech');
    const params = { repoId: 'org/speech', path: target, split: 'train' };
    const asked = datasets.importHub({ ...params, textColumn: 'words' }, { signal });
    await expect(asked).rejects.toMatchObject({
      kind: 'dataset.unsupported',
      details: { asks: 'textColumn', columns: expect.arrayContaining(['audio', 'sentence']) as unknown },
    });
    // Asked and answered: no other import has begun, and what is here is not fetched again.
    expect(await datasets.importHub({ ...params, textColumn: '' }, { signal })).toMatchObject({ items: 3 });
    expect(await readFile(path.join(target, 'rows.csv'), 'utf8')).toMatch(/000001\.wav,,anna,train/);
    expect(fetched()).toBe(2);
  });

  it('says what there is to choose from, and finds it by its name', async () => {
    await publish();
    const { datasets } = service();
    const { parts } = await datasets.hubParts('org/speech', undefined, signal);
    expect(parts).toMatchObject([
      { split: 'test', files: 1 },
      { split: 'train', files: 2 },
    ]);
    expect(parts[0]).not.toHaveProperty('config');
    await loopback.hub.add('org/many', {
      'fa/train-00000-of-00001.parquet': shard('test-00000-of-00001.parquet'),
      'data/en/test/0000.parquet': shard('test-00000-of-00001.parquet'),
    });
    expect((await datasets.hubParts('org/many', undefined, signal)).parts).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ config: 'fa', split: 'train' }),
        expect.objectContaining({ config: 'en', split: 'test' }),
      ]) as unknown[],
    );
    expect((await datasets.searchHub('speech', signal)).datasets.map(({ repoId }) => repoId)).toContain(
      'org/speech',
    );
  });

  it('stays Parquet when asked to, and says what there is instead of what there is not', async () => {
    await publish();
    const { datasets } = service();
    const params = { repoId: 'org/speech', path: path.join(root, 'speech') };
    const added = await datasets.importHub({ ...params, layout: 'parquet' }, { signal });
    expect(added).toMatchObject({ format: 'parquet', items: 5 });
    await expect(
      datasets.importHub({ ...params, path: path.join(root, 'dev'), split: 'dev' }, { signal }),
    ).rejects.toThrow(/test, train/);
    await loopback.hub.add('org/none', { 'README.md': '#' });
    expect(
      await kind(
        datasets.importHub({ ...params, path: path.join(root, 'none'), repoId: 'org/none' }, { signal }),
      ),
    ).toBe('dataset.unsupported');
    expect(
      await kind(
        datasets.importHub({ ...params, path: path.join(root, 'none'), repoId: 'org/absent' }, { signal }),
      ),
    ).toBe('hub.notFound');
  });
});
