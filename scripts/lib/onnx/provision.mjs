import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { provisionEngine, requireSpace as requireSpaceFor } from '../engine/provision.mjs';
import { Failure } from '../failure.mjs';
import { say } from '../say.mjs';
import { readTgz } from '../tar.mjs';
import { extractEntry, listZip } from '../zip.mjs';
import { bytesNeeded, dataOf, libraryOf, packageFor, release } from './release.mjs';

/**
 * Where the engine's parts come from and how it is followed.
 * @typedef {object} Kit
 * @property {(cache: string, wanted: { name: string, version: string, sha256: string }) => Promise<string>} fetchPackage
 * @property {(cache: string, wheel: object) => Promise<string>} fetchWheel
 * @property {(folder: string) => Promise<{ speakMs: number }>} verify
 * @property {(step: 'unpack' | 'verify') => void} [onStep]
 * @property {AbortSignal} [signal]
 */

const what = 'ONNX engine';

/**
 * Makes sure that sherpa-onnx and espeak-ng's data are in the cache and gives back their folder:
 * `engine.json`, `lib/sherpa-onnx.node` and its libraries, `espeak-ng-data/`.
 * @param {{ kit: Kit, cache: string, force?: boolean }} options
 */
export async function provisionOnnx({ kit, cache, force = false }) {
  const recipe = {
    name: 'sherpa-onnx',
    folder: `sherpa-onnx-${release.version}`,
    what,
    version: release.version,
    files: ['lib/sherpa-onnx.node', 'espeak-ng-data/phontab', 'espeak-ng-data/fa_dict'],
    bytesNeeded,
    build: (aside) => build(kit, cache, aside),
    signal: kit.signal,
  };
  return provisionEngine(recipe, { cache, force });
}

/** The package for this machine. Throws a Failure where there is none. */
export function requirePackage(platform = process.platform, arch = process.arch) {
  const found = packageFor(platform, arch);
  if (found) return found;
  const built = Object.keys(release.packages).join(', ');
  throw new Failure(`The ONNX engine is not built for ${platform}-${arch} (only ${built}).`);
}

/** Throws a Failure when the disk of `cache` has not enough room. */
export const requireSpace = (cache) => requireSpaceFor(cache, { what, bytesNeeded });

async function build(kit, cache, aside) {
  const { signal, onStep = () => {} } = kit;
  const archive = await kit.fetchPackage(cache, requirePackage());
  const wheel = await kit.fetchWheel(cache, release.data);
  onStep('unpack');
  const libraries = await unpackLibraries(archive, path.join(aside, 'lib'));
  signal?.throwIfAborted();
  const data = await unpackData(wheel, aside, signal);
  say(`unpacked ${libraries} libraries and ${data} files of espeak-ng`);
  onStep('verify');
  const probe = await kit.verify(aside);
  say(`sherpa-onnx ${release.version} works (spoke in ${probe.speakMs.toFixed(0)} ms)`);
  return probe;
}

async function unpackLibraries(archive, folder) {
  await mkdir(folder, { recursive: true });
  const kept = (await readTgz(archive)).flatMap(({ name, content }) => {
    const target = libraryOf(name);
    return target === undefined ? [] : [{ target, content }];
  });
  if (!kept.some(({ target }) => target === 'sherpa-onnx.node'))
    throw new Failure(`${archive} does not carry sherpa-onnx.node`);
  for (const { target, content } of kept) await writeFile(path.join(folder, target), content);
  return kept.length;
}

async function unpackData(wheel, folder, signal) {
  let count = 0;
  for (const entry of await listZip(wheel)) {
    const target = dataOf(entry.name);
    if (target === undefined) continue;
    signal?.throwIfAborted();
    await extractEntry(wheel, entry, path.join(folder, target));
    count += 1;
  }
  if (count === 0) throw new Failure(`${wheel} does not carry the data of espeak-ng`);
  return count;
}
