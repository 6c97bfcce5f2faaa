import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../failure.mjs';
import { sha256File } from '../hash.mjs';
import { withLock } from '../lock.mjs';
import { bytesText, say } from '../say.mjs';
import { extractEntry, listZip } from '../zip.mjs';
import { compileBinding } from './compile.mjs';
import { bytesNeeded, engineFolder, placeOf, release, wheelFor } from './release.mjs';
import { tfjsNodeVersion, verifyEngine } from './verify.mjs';
import { wheelFile } from './wheel.mjs';

/**
 * Makes sure that the native TensorFlow engine is in the cache and gives back its folder:
 * `engine.json`, `lib/tfjs_binding.node`, `deps/lib/libtensorflow_{cc,framework}.so.2`.
 * It is built aside, tried in a process of its own and renamed last: what stands there works.
 */
export async function provisionTensorflow({ root, cache, force = false }) {
  const folder = engineFolder(cache);
  if (!force && (await isCurrent(root, folder))) return folder;
  const wheel = wheelFor();
  if (!wheel)
    throw new Failure(
      `The native TensorFlow engine is not built for ${process.platform}-${process.arch} here ` +
        `(only ${Object.keys(release.wheels).join(', ')}). Goya trains on its WASM engine instead.`,
    );
  return withLock(
    path.join(cache, 'locks', 'tensorflow.lock'),
    async () => {
      if (!force && (await isCurrent(root, folder))) return folder; // another process built it meanwhile
      await requireSpace(cache);
      await build({ root, cache, wheel, folder });
      return folder;
    },
    { what: 'the TensorFlow engine' },
  );
}

async function build({ root, cache, wheel, folder }) {
  await mkdir(path.dirname(folder), { recursive: true });
  const aside = await mkdtemp(path.join(path.dirname(folder), '.building-'));
  try {
    const file = await wheelFile(cache, wheel);
    const libraries = path.join(aside, 'deps', 'lib');
    const headers = path.join(aside, 'include');
    const count = await unpack(file, { library: libraries, header: headers });
    say(`unpacked ${count.library} libraries and ${count.header} headers`);
    say('compiling the binding of @tensorflow/tfjs-node');
    await compileBinding({ root, headers, libraries, output: path.join(aside, 'lib', 'tfjs_binding.node') });
    await rm(headers, { recursive: true, force: true });
    const probe = await verifyEngine({ root, folder: aside });
    await writeManifest(root, aside, probe);
    await chmod(aside, 0o755); // mkdtemp keeps others out; an engine may be shared
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
    say(`TensorFlow ${release.version} works (matMul of 256 in ${probe.matMulMs.toFixed(1)} ms): ${folder}`);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function unpack(file, targets) {
  const count = { library: 0, header: 0 };
  for (const entry of await listZip(file)) {
    const place = placeOf(entry.name);
    if (!place) continue;
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

async function writeManifest(root, folder, probe) {
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
    tfjsNode: tfjsNodeVersion(root),
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
async function isCurrent(root, folder) {
  const file = path.join(folder, 'engine.json');
  if (!existsSync(file)) return false;
  const manifest = JSON.parse(await readFile(file, 'utf8'));
  if (manifest.tfjsNode !== tfjsNodeVersion(root)) return false;
  if (manifest.platform !== process.platform || manifest.arch !== process.arch) return false;
  for (const name of engineFiles) {
    const part = path.join(folder, name);
    if (!existsSync(part) || (await stat(part)).size !== manifest.sizes?.[name]) return false;
  }
  return true;
}

async function requireSpace(cache) {
  await mkdir(cache, { recursive: true });
  const { bavail, bsize } = await statfs(cache);
  const free = bavail * bsize;
  if (free < bytesNeeded)
    throw new Failure(
      `The TensorFlow engine needs ${bytesText(bytesNeeded)} on the disk of ${cache}, which has ${bytesText(free)} free. ` +
        'Free some space, or set GOYA_CACHE to a folder on another disk.',
    );
}
