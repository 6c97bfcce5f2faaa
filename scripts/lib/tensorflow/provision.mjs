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
import { bytesText, say } from '../say.mjs';
import { extractEntry, listZip } from '../zip.mjs';
import { compileBinding } from './compile.mjs';
import { bytesNeeded, engineFolder, placeOf, release, wheelFor } from './release.mjs';

/**
 * Where a build's parts come from and how it is followed.
 * @typedef {object} Kit
 * @property {string} tfjsNode the version of tfjs-node whose sources these are
 * @property {{ binding: string, include: string }} sources see compile.mjs
 * @property {(cache: string, wheel: object) => Promise<string>} fetchWheel
 * @property {(folder: string) => Promise<{ matMulMs: number }>} verify
 * @property {(step: 'unpack' | 'compile' | 'verify') => void} [onStep]
 * @property {AbortSignal} [signal]
 */

/**
 * Makes sure that the native TensorFlow engine is in the cache and gives back its folder:
 * `engine.json`, `lib/tfjs_binding.node`, `deps/lib/libtensorflow_{cc,framework}.so.2`.
 * It is built aside, tried in a process of its own and renamed last: what stands there works.
 * @param {{ kit: Kit, cache: string, force?: boolean }} options
 */
export async function provisionTensorflow({ kit, cache, force = false }) {
  const folder = engineFolder(cache);
  if (!force && (await isCurrent(kit, folder))) return folder;
  const wheel = requireWheel();
  return withLock(
    path.join(cache, 'locks', 'tensorflow.lock'),
    async () => {
      if (!force && (await isCurrent(kit, folder))) return folder; // another process built it meanwhile
      await requireSpace(cache);
      await build({ kit, cache, wheel, folder });
      return folder;
    },
    { what: 'the TensorFlow engine' },
  );
}

/** The wheel for this machine. Throws a Failure where there is none. */
export function requireWheel(platform = process.platform, arch = process.arch) {
  const wheel = wheelFor(platform, arch);
  if (wheel) return wheel;
  throw new Failure(
    `The native TensorFlow engine is not built for ${platform}-${arch} ` +
      `(only ${Object.keys(release.wheels).join(', ')}). Goya trains on its WASM engine instead.`,
  );
}

async function build({ kit, cache, wheel, folder }) {
  const { signal, sources, onStep = () => {} } = kit;
  await sweep(path.dirname(folder));
  const aside = await mkdtemp(path.join(path.dirname(folder), '.building-'));
  try {
    const file = await kit.fetchWheel(cache, wheel);
    onStep('unpack');
    const libraries = path.join(aside, 'deps', 'lib');
    const headers = path.join(aside, 'include');
    const count = await unpack(file, { library: libraries, header: headers }, signal);
    say(`unpacked ${count.library} libraries and ${count.header} headers`);
    onStep('compile');
    say('compiling the binding of @tensorflow/tfjs-node');
    const output = path.join(aside, 'lib', 'tfjs_binding.node');
    await compileBinding({ sources, headers, libraries, output, signal });
    await rm(headers, { recursive: true, force: true });
    onStep('verify');
    const probe = await kit.verify(aside);
    await writeManifest(kit, aside, probe);
    signal?.throwIfAborted();
    await chmod(aside, 0o755); // mkdtemp keeps others out; an engine may be shared
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
    say(`TensorFlow ${release.version} works (matMul of 256 in ${probe.matMulMs.toFixed(1)} ms): ${folder}`);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** What a build that was killed left; the lock is held, so nobody works there. */
async function sweep(engines) {
  await mkdir(engines, { recursive: true });
  for (const name of await readdir(engines))
    if (name.startsWith('.building-')) await rm(path.join(engines, name), { recursive: true, force: true });
}

async function unpack(file, targets, signal) {
  const count = { library: 0, header: 0 };
  for (const entry of await listZip(file)) {
    const place = placeOf(entry.name);
    if (!place) continue;
    signal?.throwIfAborted();
    await extractEntry(file, entry, path.join(targets[place.kind], place.path));
    count[place.kind] += 1;
  }
  if (count.library !== 2) throw new Failure(`${file} does not carry TensorFlow's two libraries`);
  return count;
}

const engineFiles = [
  'lib/tfjs_binding.node',
  'deps/lib/libtensorflow_cc.so.2',
  'deps/lib/libtensorflow_framework.so.2',
];

async function writeManifest(kit, folder, probe) {
  const sha256s = {};
  const sizes = {};
  for (const name of engineFiles) {
    const file = path.join(folder, name);
    sha256s[name] = await sha256File(file);
    sizes[name] = (await stat(file)).size;
  }
  const manifest = {
    name: 'tensorflow',
    version: release.version,
    tfjsNode: kit.tfjsNode,
    platform: process.platform,
    arch: process.arch,
    sha256s,
    sizes,
    builtAt: new Date().toISOString(),
    probe,
  };
  await writeFile(path.join(folder, 'engine.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Whether the engine stands there whole, for this tfjs-node and machine. Sizes, not hashes: this runs at every start. */
async function isCurrent(kit, folder) {
  const file = path.join(folder, 'engine.json');
  if (!existsSync(file)) return false;
  const manifest = JSON.parse(await readFile(file, 'utf8'));
  if (manifest.tfjsNode !== kit.tfjsNode) return false;
  if (manifest.platform !== process.platform || manifest.arch !== process.arch) return false;
  for (const name of engineFiles) {
    const part = path.join(folder, name);
    if (!existsSync(part) || (await stat(part)).size !== manifest.sizes?.[name]) return false;
  }
  return true;
}

/** Throws a Failure when the disk of `cache` has not enough room to build. */
export async function requireSpace(cache, needed = bytesNeeded) {
  await mkdir(cache, { recursive: true });
  const { bavail, bsize } = await statfs(cache);
  const free = bavail * bsize;
  if (free < needed)
    throw new Failure(
      `The TensorFlow engine needs ${bytesText(needed)} on the disk of ${cache}, which has ${bytesText(free)} free. ` +
        'Free some space, or choose a folder on another disk.',
    );
}
