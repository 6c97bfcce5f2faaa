import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dataset } from '../../protocol/model/dataset';
import { isStudioError, StudioError } from '../../protocol/wire/errors';
import { DatasetDesk } from '../datasets/desk';
import type { DatasetInput } from '../stores/datasets';
import { DatasetsService } from './datasets';

let root: string;
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
