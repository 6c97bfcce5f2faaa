import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { provisionEngine, requireSpace as requireSpaceFor } from '../engine/provision.mjs';
import { Failure } from '../failure.mjs';
import { withLock } from '../lock.mjs';
import { say } from '../say.mjs';
import { extractEntry, listZip } from '../zip.mjs';
import { compileBinding, compileKernels } from './compile.mjs';
import { bytesNeeded, kernelsFile, placeOf, release, wheelFor } from './release.mjs';

/**
 * Where a build's parts come from and how it is followed.
 * @typedef {object} Kit
 * @property {string} tfjsNode the version of tfjs-node whose sources these are
 * @property {{ binding: string, kernels: string, include: string }} sources see compile.mjs
 * @property {(cache: string, wheel: object) => Promise<string>} fetchWheel
 * @property {(folder: string) => Promise<{ matMulMs: number }>} verify
 * @property {(step: 'unpack' | 'compile' | 'verify') => void} [onStep]
 * @property {AbortSignal} [signal]
 */

const what = 'TensorFlow engine';

/**
 * Makes sure that the native TensorFlow engine is in the cache and gives back its folder:
 * `engine.json`, `lib/tfjs_binding.node`, `deps/lib/libtensorflow_{cc,framework}.so.2`.
 * @param {{ kit: Kit, cache: string, force?: boolean }} options
 */
export async function provisionTensorflow({ kit, cache, force = false }) {
  const recipe = {
    name: 'tensorflow',
    folder: `tensorflow-${release.version}`,
    what,
    version: release.version,
    facts: { tfjsNode: kit.tfjsNode },
    files: [
      'lib/tfjs_binding.node',
      'deps/lib/libtensorflow_cc.so.2',
      'deps/lib/libtensorflow_framework.so.2',
    ],
    bytesNeeded,
    build: (aside) => build({ kit, cache, wheel: requireWheel(), aside }),
    signal: kit.signal,
  };
  const folder = await provisionEngine(recipe, { cache, force });
  await addKernels({ kit, cache, folder });
  return folder;
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

/** Throws a Failure when the disk of `cache` has not enough room to build. */
export const requireSpace = (cache, needed = bytesNeeded) =>
  requireSpaceFor(cache, { what, bytesNeeded: needed });

async function build({ kit, cache, wheel, aside }) {
  const { signal, sources, onStep = () => {} } = kit;
  const file = await kit.fetchWheel(cache, wheel);
  onStep('unpack');
  const libraries = path.join(aside, 'deps', 'lib');
  const headers = path.join(aside, 'include');
  const count = await unpack(file, { library: libraries, header: headers }, signal);
  say(`unpacked ${count.library} libraries and ${count.header} headers`);
  onStep('compile');
  say('compiling the binding of @tensorflow/tfjs-node');
  const output = path.join(aside, 'lib', 'tfjs_binding.node');
  await mkdir(path.dirname(output), { recursive: true });
  await Promise.all([
    compileBinding({ sources, headers, libraries, output, signal }),
    compileKernels({ sources, libraries, output: path.join(aside, kernelsFile), signal }),
  ]);
  await rm(headers, { recursive: true, force: true });
  onStep('verify');
  const probe = await kit.verify(aside);
  say(`TensorFlow ${release.version} works (matMul of 256 in ${probe.matMulMs.toFixed(1)} ms)`);
  return probe;
}

/** To an engine that an older Goya built: its libraries are right, and fetching them again would take minutes. */
async function addKernels({ kit, cache, folder }) {
  const output = path.join(folder, kernelsFile);
  if (existsSync(output)) return;
  await withLock(path.join(cache, 'locks', 'tensorflow.lock'), () => compileInto(kit, folder, output), {
    what,
  });
}

async function compileInto({ sources, verify, signal, onStep = () => {} }, folder, output) {
  if (existsSync(output)) return; // another process built them meanwhile
  onStep('compile');
  say("compiling Goya's own operations for the TensorFlow engine");
  const aside = `${output}.building`;
  try {
    await compileKernels({ sources, libraries: path.join(folder, 'deps', 'lib'), output: aside, signal });
    await rename(aside, output);
    onStep('verify');
    await verify(folder);
  } catch (error) {
    await rm(output, { force: true });
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
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
