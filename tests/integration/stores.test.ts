/** Every suite of the stores and of the database once more, against a real server. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, it } from 'vitest';
import { closeSharedServer } from '../fixtures/databases';
import { skipPostgres } from '../fixtures/postgres';

const backend = path.resolve(import.meta.dirname, '../../backend');

if (skipPostgres()) {
  it('needs a server', ({ skip }) => skip('GOYA_SKIP_POSTGRES=1 leaves the PostgreSQL server out'));
} else {
  process.env['GOYA_DATABASES'] = 'server';
  const stores = (await readdir(path.join(backend, 'stores'))).map((name) => `stores/${name}`);
  for (const name of [...stores, 'database/database.test.ts', 'database/migrate.test.ts']) {
    if (name.endsWith('.test.ts')) await import(path.join(backend, name));
  }
  afterAll(closeSharedServer);
}
