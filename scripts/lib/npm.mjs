import { existsSync } from 'node:fs';
import path from 'node:path';
import { run, which } from './run.mjs';
import { Failure } from './failure.mjs';

/**
 * Runs npm through Node itself: npm's launcher is a .cmd on Windows, which cannot be spawned without a shell.
 * Finds npm-cli.js beside this Node, or where the npm on the PATH points.
 */
export async function npm(args, options = {}) {
  return run(process.execPath, [await npmCli(), ...args], options);
}

async function npmCli() {
  // Set by npm itself when this script runs as `npm run …`.
  const given = process.env.npm_execpath;
  if (given?.endsWith('npm-cli.js') && existsSync(given)) return given;
  const launcher = await which('npm');
  const roots = [path.dirname(process.execPath), path.join(path.dirname(process.execPath), '..', 'lib')];
  if (launcher) roots.push(path.dirname(launcher), path.join(path.dirname(launcher), '..', 'lib'));
  roots.push('/usr/share/nodejs', '/usr/share');
  for (const root of roots) {
    for (const inner of ['node_modules/npm/bin/npm-cli.js', 'npm/bin/npm-cli.js']) {
      const file = path.join(root, inner);
      if (existsSync(file)) return file;
    }
  }
  throw new Failure('npm was not found beside Node or on the PATH. Install Node 20 or newer with npm.');
}
