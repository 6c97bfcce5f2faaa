import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { catalog, emptySchema } from '../../tests/fixtures/catalog';
import { describeDatabase } from '../../tests/fixtures/databases';
import { migrate, readMigrations } from './migrate';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(import.meta.dirname, 'migrations');
const made: string[] = [];
afterEach(async () => {
  await Promise.all(made.splice(0).map((each) => rm(each, { recursive: true })));
});

async function folderWith(files: Record<string, string>): Promise<string> {
  const temporary = await mkdtemp(path.join(tmpdir(), 'goya-migrations-'));
  made.push(temporary);
  for (const [name, sql] of Object.entries(files)) await writeFile(path.join(temporary, name), sql);
  return temporary;
}

describeDatabase('migrate', (test) => {
  it('leaves exactly what schema.sql says', async () => {
    const { db } = test();
    const opened = await catalog(db);
    await emptySchema(db);
    await db.exec(await readFile(path.join(root, 'schema.sql'), 'utf8'));
    const declared = await catalog(db);
    await emptySchema(db);
    const migrations = await readMigrations(folder);
    expect(await migrate(db, migrations)).toEqual(migrations.map(({ version }) => version));
    expect(await catalog(db)).toEqual(declared);
    expect(opened).toEqual(declared);
    expect(declared['columns']?.length).toBeGreaterThan(90);
    expect(declared['indexes']?.length).toBeGreaterThanOrEqual(7);
  });

  it('does nothing the second time', async () => {
    expect(await migrate(test().db, await readMigrations(folder))).toEqual([]);
  });

  it('waits for another one that migrates the same database', async () => {
    const { db } = test();
    await emptySchema(db);
    const migrations = await readMigrations(folder);
    const applied = await Promise.all([1, 2, 3].map(() => migrate(db, migrations)));
    // Each once, by whoever came first to it.
    expect(applied.flat().sort((a, b) => a - b)).toEqual(migrations.map(({ version }) => version));
  });

  it('undoes a migration that fails half-way, and keeps those before it', async () => {
    const { db } = test();
    const migrations = await readMigrations(folder);
    const next = migrations.length + 1;
    const broken = { version: next, name: 'broken', sql: 'CREATE TABLE half (a int); SELECT 1 / 0' };
    await expect(migrate(db, [...migrations, broken])).rejects.toMatchObject({ code: '22012' });
    const [half] = await db.query(`SELECT to_regclass('half') AS half`);
    expect(half?.['half']).toBeNull();
    const [row] = await db.query('SELECT max(version) AS version FROM schema_migrations');
    expect(row?.['version']).toBe(migrations.length);
  });

  it('refuses a database that a newer version made, and leaves it alone', async () => {
    const { db } = test();
    await db.query(`INSERT INTO schema_migrations (version, name) VALUES (9999, 'future')`);
    await expect(migrate(db, await readMigrations(folder))).rejects.toMatchObject({
      kind: 'database.unavailable',
      details: { reason: 'tooNew', schema: 9999 },
    });
    await db.query('DELETE FROM schema_migrations WHERE version = 9999');
  });
});

it('refuses migrations that are out of order or misnamed', async () => {
  const good = await folderWith({ '0002_b.sql': 'b', '0001_a.sql': 'a', 'README.md': '' });
  expect(await readMigrations(good)).toEqual([
    { version: 1, name: 'a', sql: 'a' },
    { version: 2, name: 'b', sql: 'b' },
  ]);
  await expect(readMigrations(await folderWith({ '0001_a.sql': '', '0003_c.sql': '' }))).rejects.toThrow(
    '0003_c.sql should be number 2',
  );
  await expect(readMigrations(await folderWith({ '1_a.sql': '' }))).rejects.toThrow('1_a.sql');
});
