import path from 'node:path';
import { tryEngine } from '../engine/verify.mjs';

/** Loads an engine in a process of its own and multiplies with it. `probe` is the program that does it. */
export async function verifyEngine({ probe, folder, env: more = {}, signal }) {
  const env = { TF_CPP_MIN_LOG_LEVEL: '2', ...more };
  const args = [path.join(folder, 'lib', 'tfjs_binding.node')];
  return tryEngine({ probe, args, what: 'TensorFlow engine', folder, env, signal });
}
