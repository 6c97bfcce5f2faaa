import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databaseKinds, type TestDatabase } from '../fixtures/databases';
import { ModelsStore } from '../../backend/stores/models';

const kinds = await databaseKinds();

describe.each(kinds)('$name database', (kind) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await kind.open();
  });
  afterAll(async () => {
    await test.close();
    await kind.close();
  });
  beforeEach(() => test.reset());

  it('opens', async () => {
    expect((await test.db.check()).kind).toBe(kind.name);
    expect(await new ModelsStore(test.db).list()).toEqual([]);
  });
});
