import path from 'node:path';
import { Failure } from '../failure.mjs';
import { run } from '../run.mjs';

/**
 * Loads an engine in a process of its own (a broken library would take this one down) and multiplies with it.
 * `probe` is the program that does it.
 */
export async function verifyEngine({ probe, folder, env: more = {}, signal }) {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', ...more };
  const result = await run(process.execPath, [probe, path.join(folder, 'lib', 'tfjs_binding.node')], {
    env,
    allowFailure: true,
    signal,
  });
  if (!result.ok) {
    const tail = result.stderr.trim().split('\n').slice(-8).join('\n');
    throw new Failure(`The TensorFlow engine in ${folder} does not run on this machine:\n${tail}`);
  }
  return JSON.parse(result.stdout);
}
