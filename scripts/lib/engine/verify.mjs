import { Failure } from '../failure.mjs';
import { run } from '../run.mjs';

/**
 * Tries an engine in a process of its own: a broken library would take this one down. `probe` is the program that does
 * it and prints JSON, `args` what it is given.
 */
export async function tryEngine({ probe, args, what, folder, env = {}, signal }) {
  const result = await run(process.execPath, [probe, ...args], {
    env: { ...process.env, ...env },
    allowFailure: true,
    signal,
  });
  if (!result.ok) {
    const tail = result.stderr.trim().split('\n').slice(-8).join('\n');
    throw new Failure(`The ${what} in ${folder} does not run on this machine:\n${tail}`);
  }
  return JSON.parse(result.stdout);
}
