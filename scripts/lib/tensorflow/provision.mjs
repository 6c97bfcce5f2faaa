import path from 'node:path';
import { rm } from 'node:fs/promises';
import { provisionEngine, requireSpace as requireSpaceFor } from '../engine/provision.mjs';
import { Failure } from '../failure.mjs';
import { say } from '../say.mjs';
import { extractEntry, listZip } from '../zip.mjs';
import { compileBinding } from './compile.mjs';
import { bytesNeeded, placeOf, release, wheelFor } from './release.mjs';

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
  return provisionEngine(recipe, { cache, force });
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
  await compileBinding({ sources, headers, libraries, output, signal });
  await rm(headers, { recursive: true, force: true });
  onStep('verify');
  const probe = await kit.verify(aside);
  say(`TensorFlow ${release.version} works (matMul of 256 in ${probe.matMulMs.toFixed(1)} ms)`);
  return probe;
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
