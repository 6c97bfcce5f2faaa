import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../failure.mjs';
import { run } from '../run.mjs';

const probe = fileURLToPath(new URL('./probe.cjs', import.meta.url));

/** Loads an engine in a process of its own (a broken library would take this one down) and multiplies with it. */
export async function verifyEngine({ root, folder }) {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', GOYA_PROBE_ROOT: root };
  const result = await run(process.execPath, [probe, path.join(folder, 'lib', 'tfjs_binding.node')], {
    env,
    allowFailure: true,
  });
  if (!result.ok) {
    const tail = result.stderr.trim().split('\n').slice(-8).join('\n');
    throw new Failure(`The TensorFlow engine in ${folder} does not run on this machine:\n${tail}`);
  }
  return JSON.parse(result.stdout);
}

/** The version of tfjs-node whose sources the binding was compiled from. */
export function tfjsNodeVersion(root) {
  return createRequire(path.join(root, 'package.json'))('@tensorflow/tfjs-node/package.json').version;
}
