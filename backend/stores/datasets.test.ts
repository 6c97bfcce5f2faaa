import { expect, it } from 'vitest';
import { dataset } from '../../protocol/model/dataset';
import { describeDatabase } from '../../tests/fixtures/databases';
import { DatasetsStore, type DatasetInput } from './datasets';

const input: DatasetInput = {
  name: 'واژه‌ها',
  format: 'folder-per-label',
  path: '/w/data/keywords',
  sizeBytes: 4_123_457,
  items: 220,
  warnings: 2,
  errors: 0,
  stats: { seconds: 180.5, labels: { بله: 22 } },
};

describeDatabase('DatasetsStore', (test) => {
  const store = (): DatasetsStore => new DatasetsStore(test().db);

  it('keeps every field; sizes come back to the byte', async () => {
    const made = await store().upsert(input);
    expect(dataset.parse(made)).toEqual(made);
    expect(made).toMatchObject(input);
    for (const sizeBytes of [0, 1, 999_999, 123_456_789_012_345]) {
      expect((await store().upsert({ ...input, sizeBytes })).sizeBytes).toBe(sizeBytes);
    }
    const [row] = await test().db.query('SELECT size_mb FROM datasets');
    expect(row?.['size_mb']).toBe(123_456_789.012345);
  });

  it('renews the row of the same path and lists oldest first', async () => {
    const first = await store().upsert(input);
    const second = await store().upsert({ ...input, path: '/other', format: 'csv' });
    const again = await store().upsert({ ...input, name: 'renamed', items: 1 });
    expect(again).toMatchObject({ id: first.id, name: 'renamed', items: 1, createdAt: first.createdAt });
    expect(again.seq).toBeGreaterThan(second.seq);
    expect((await store().list()).map(({ id }) => id)).toEqual([first.id, second.id]);
  });

  it('gets and removes', async () => {
    const { id } = await store().upsert(input);
    expect((await store().get(id)).path).toBe(input.path);
    expect((await store().remove(id)).id).toBe(id);
    await expect(store().get(id)).rejects.toMatchObject({ kind: 'dataset.notFound' });
    await expect(store().remove(id)).rejects.toMatchObject({ kind: 'dataset.notFound' });
  });
});
