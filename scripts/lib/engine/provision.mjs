import { existsSync } from 'node:fs';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  statfs,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../failure.mjs';
import { sha256File } from '../hash.mjs';
import { withLock } from '../lock.mjs';
import { bytesText } from '../say.mjs';

/**
 * An engine that is put together from packages once and then stands in `<cache>/engines/<folder>` with an `engine.json`.
 * @typedef {object} Recipe
 * @property {string} name as `engine.json` has it
 * @property {string} folder
 * @property {string} what for people
 * @property {string} version
 * @property {Record<string, string>} [facts] further lines of `engine.json`; another value makes another engine
 * @property {readonly string[]} files those that must stand there whole
 * @property {number} bytesNeeded on the disk while it is put together
 * @property {(aside: string) => Promise<object>} build fills the folder, tries it, and answers what the trial found
 * @property {AbortSignal} [signal]
 */

/**
 * Makes sure that the engine is in the cache and gives back its folder. It is put together aside, tried in a process of
 * its own and renamed last: what stands there works.
 * @param {Recipe} recipe
 * @param {{ cache: string, force?: boolean }} options
 */
export async function provisionEngine(recipe, { cache, force = false }) {
  const folder = path.join(cache, 'engines', recipe.folder);
  if (!force && (await isCurrent(recipe, folder))) return folder;
  return withLock(
    path.join(cache, 'locks', `${recipe.name}.lock`),
    async () => {
      if (!force && (await isCurrent(recipe, folder))) return folder; // another process built it meanwhile
      await requireSpace(cache, recipe);
      await build(recipe, folder);
      return folder;
    },
    { what: recipe.what },
  );
}

async function build(recipe, folder) {
  const prefix = `.building-${recipe.name}-`;
  await sweep(path.dirname(folder), prefix);
  const aside = await mkdtemp(path.join(path.dirname(folder), prefix));
  try {
    const probe = await recipe.build(aside);
    await writeManifest(recipe, aside, probe);
    recipe.signal?.throwIfAborted();
    await chmod(aside, 0o755); // mkdtemp keeps others out; an engine may be shared
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** What a build that was killed left; the lock is held, so nobody works there. */
async function sweep(engines, prefix) {
  await mkdir(engines, { recursive: true });
  for (const name of await readdir(engines))
    if (name.startsWith(prefix)) await rm(path.join(engines, name), { recursive: true, force: true });
}

async function writeManifest({ name, version, facts, files }, folder, probe) {
  const sha256s = {};
  const sizes = {};
  for (const one of files) {
    const file = path.join(folder, one);
    sha256s[one] = await sha256File(file);
    sizes[one] = (await stat(file)).size;
  }
  const here = { platform: process.platform, arch: process.arch };
  const manifest = {
    name,
    version,
    ...facts,
    ...here,
    sha256s,
    sizes,
    builtAt: new Date().toISOString(),
    probe,
  };
  await writeFile(path.join(folder, 'engine.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Whether the engine stands there whole, for this machine. Sizes, not hashes: this runs at every start. */
async function isCurrent({ version, facts = {}, files }, folder) {
  const file = path.join(folder, 'engine.json');
  if (!existsSync(file)) return false;
  const manifest = JSON.parse(await readFile(file, 'utf8'));
  const wanted = { version, ...facts, platform: process.platform, arch: process.arch };
  if (Object.entries(wanted).some(([key, value]) => manifest[key] !== value)) return false;
  for (const name of files) {
    const part = path.join(folder, name);
    if (!existsSync(part) || (await stat(part)).size !== manifest.sizes?.[name]) return false;
  }
  return true;
}

/** Throws a Failure when the disk of `cache` has not enough room to put the engine together. */
export async function requireSpace(cache, { what, bytesNeeded }) {
  await mkdir(cache, { recursive: true });
  const { bavail, bsize } = await statfs(cache);
  const free = bavail * bsize;
  if (free < bytesNeeded)
    throw new Failure(
      `The ${what} needs ${bytesText(bytesNeeded)} on the disk of ${cache}, which has ${bytesText(free)} free. ` +
        'Free some space, or choose a folder on another disk.',
    );
}
