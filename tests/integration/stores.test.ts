/** Every suite of the stores once more, against a real server. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, it } from 'vitest';
import { closeSharedServer } from '../fixtures/databases';
import { skipPostgres } from '../fixtures/postgres';

const stores = path.resolve(import.meta.dirname, '../../backend/stores');

if (skipPostgres()) {
  describe.skip('stores on a server', () => it('runs', () => undefined));
} else {
  process.env['GOYA_DATABASES'] = 'server';
  for (const name of await readdir(stores)) {
    if (name.endsWith('.test.ts')) await import(path.join(stores, name));
  }
  afterAll(closeSharedServer);
}
