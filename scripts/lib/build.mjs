import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from './cacheFolder.mjs';
import { withLock } from './lock.mjs';
import { run } from './run.mjs';
import { say } from './say.mjs';

const sources = [
  ...['protocol', 'ml', 'backend', 'extension', 'webviews', 'scripts/build'],
  ...['assets', 'schema.sql', 'package.json', 'package-lock.json', 'esbuild.mjs', 'tsconfig.base.json'],
];

/** A fingerprint of everything that is built: names, sizes and times, not contents, so that asking is cheap. */
export async function sourceKey(root, names = sources) {
  const hash = createHash('sha256');
  for (const name of names) {
    const at = path.join(root, name);
    if (!existsSync(at)) continue;
    for (const file of (await stat(at)).isDirectory() ? await filesUnder(at) : [at]) {
      const { size, mtimeMs } = await stat(file);
      hash.update(`${path.relative(root, file)}\0${size}\0${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

async function filesUnder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Where a finished build leaves the key of what it was built from. */
export const stampOf = (root) => path.join(root, 'dist', '.built');

/** Builds dist/ unless it was built from these very sources. Gives back the sources' key. */
export async function ensureBuilt(root) {
  const key = await sourceKey(root);
  const stamp = stampOf(root);
  const isCurrent = async () => existsSync(stamp) && (await readFile(stamp, 'utf8')) === key;
  if (await isCurrent()) return key;
  const name = createHash('sha256').update(root).digest('hex').slice(0, 12);
  await withLock(
    path.join(cacheFolder(), 'locks', `build-${name}.lock`),
    async () => {
      if (await isCurrent()) return;
      say('building');
      await run(process.execPath, [path.join(root, 'esbuild.mjs')], { cwd: root });
    },
    { what: 'the build' },
  );
  return key;
}
