// The embedded database's files for dist/: the engine, and a data directory that initdb made, packed (see
// backend/database/template.ts for the format). Making the directory takes some seconds, so it is kept in the cache
// folder for each version of PGlite. `node scripts/build/database.mjs` prints where it is.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { build } from 'esbuild';
import { cacheFolder } from '../lib/cacheFolder.mjs';
import { withLock } from '../lib/lock.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const pglite = path.join(root, 'node_modules', '@electric-sql', 'pglite');
const migrations = path.join(root, 'backend/database/migrations');

/** Puts everything the embedded database needs into `folder`. */
export async function buildDatabase(folder) {
  await mkdir(folder, { recursive: true });
  for (const file of ['pglite.wasm', 'pglite.data']) {
    await cp(path.join(pglite, 'dist', file), path.join(folder, file));
  }
  await cp(migrations, path.join(folder, 'migrations'), { recursive: true });
  await cp(await databaseTemplate(), path.join(folder, 'template.bin.br'));
}

/** The packed data directory in the cache, migrated; made when it is not there yet. */
export async function databaseTemplate() {
  const file = path.join(cacheFolder(), 'database', `pglite-${await templateKey()}.bin.br`);
  if (existsSync(file)) return file;
  await withLock(`${file}.lock`, () => makeTemplate(file), { what: 'the embedded database' });
  return file;
}

async function makeTemplate(file) {
  if (existsSync(file)) return;
  const content = await packFolder(initialise);
  const aside = `${file}.${process.pid}.tmp`;
  await writeFile(aside, content);
  await rename(aside, file);
}

/** Changes with whatever the template is made from: PGlite, the migrations, this script. */
async function templateKey() {
  const { version } = JSON.parse(await readFile(path.join(pglite, 'package.json'), 'utf8'));
  const hash = createHash('sha256').update(await readFile(fileURLToPath(import.meta.url)));
  for (const name of (await readdir(migrations)).sort()) {
    hash.update(name).update(await readFile(path.join(migrations, name)));
  }
  return `${version}-${hash.digest('hex').slice(0, 12)}`;
}

/** Runs initdb and the migrations into `folder` and closes the database cleanly. */
async function initialise(folder) {
  const { PGlite } = await import(pathToFileURL(path.join(pglite, 'dist/index.js')).href);
  // Segments of 1 MB: the log of a small database need not take 16.
  const initDbStartParams = ['--wal-segsize=1'];
  const setting = ['-c', 'max_wal_size=2MB', '-c', 'min_wal_size=2MB'];
  const db = await PGlite.create({
    dataDir: folder,
    initDbStartParams,
    startParams: [...PGlite.defaultStartParams, ...setting],
  });
  // Two thirds of the files are templates for further databases: there are none.
  for (const name of ['template0', 'template1']) {
    await db.exec(
      `UPDATE pg_database SET datistemplate = false, datallowconn = true WHERE datname = '${name}'`,
    );
    await db.exec(`DROP DATABASE ${name}`);
  }
  const { migrate, readMigrations } = await loadMigrate();
  await migrate(adapt(db), await readMigrations(migrations));
  await db.exec('CHECKPOINT');
  await db.exec('CHECKPOINT');
  await db.close();
}

/** The backend's own code, so that the template is what the backend would have made. */
async function loadMigrate() {
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'backend/database/migrate.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

/** As much of the backend's `Database` as migrating asks for. */
function adapt(pg) {
  const inside = (tx) => ({
    query: async (sql, params = []) => (await tx.query(sql, params)).rows,
    exec: async (sql) => void (await tx.exec(sql)),
  });
  return { ...inside(pg), transaction: (work) => pg.transaction((tx) => work(inside(tx))) };
}

async function packFolder(fill) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'goya-initdb-'));
  try {
    const data = path.join(folder, 'postgres');
    await fill(data);
    const folders = [];
    const files = [];
    const contents = [];
    for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
      const full = path.join(entry.parentPath, entry.name);
      const name = path.relative(data, full).split(path.sep).join('/');
      if (entry.isDirectory()) folders.push(name);
      else if (name !== 'postmaster.pid' && name !== 'postmaster.opts') {
        const bytes = await readFile(full);
        files.push({ path: name, size: bytes.length });
        contents.push(bytes);
      }
    }
    const header = Buffer.from(JSON.stringify({ folders, files }));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(header.length);
    return await promisify(brotliCompress)(Buffer.concat([length, header, ...contents]), {
      params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${await databaseTemplate()}\n`);
}
