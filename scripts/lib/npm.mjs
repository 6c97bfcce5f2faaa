import { existsSync } from 'node:fs';
import path from 'node:path';
import { Failure } from './failure.mjs';
import { run, which } from './run.mjs';

/**
 * Runs npm through Node itself: npm's launcher is a .cmd on Windows, which cannot be spawned without a shell.
 * The person's own npm settings (registry, proxy, certificates) hold. `node` is the Node that is built for.
 */
export async function npm(args, { node = process.execPath, ...options } = {}) {
  const cli = await npmCli();
  const env = npmEnvironment(options.env, node);
  return run(node, [cli, ...args], { ...options, env });
}

/**
 * The environment for an npm of our own inside `npm run …`: what the outer npm said of its own command and
 * project must not reach it; registry, proxy and the like must. Node headers installed beside Node are pointed
 * out to node-gyp, which would otherwise fetch them from the internet.
 */
export function npmEnvironment(env = process.env, execPath = process.execPath) {
  const ofOuterCommand =
    /^npm_(?:package_|lifecycle_|command$|config_(?:local_prefix|ignore_scripts|omit|include|global|workspace|save|prefix|dry_run)$)/i;
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !ofOuterCommand.test(name)));
  const prefix = path.resolve(path.dirname(execPath), '..');
  kept.npm_config_yes = 'true'; // a build step that runs npx may not wait for a person
  // Headers that a person named are of the Node that they use, not of another one.
  if (execPath !== process.execPath) delete kept.npm_config_nodedir;
  if (!kept.npm_config_nodedir && existsSync(path.join(prefix, 'include', 'node', 'node_api.h')))
    kept.npm_config_nodedir = prefix;
  return kept;
}

async function npmCli() {
  const given = process.env.npm_execpath; // set by npm when this script runs as `npm run …`
  if (given?.endsWith('npm-cli.js') && existsSync(given)) return given;
  const launcher = await which('npm');
  const programs = [path.dirname(process.execPath), ...(launcher ? [path.dirname(launcher)] : [])];
  const roots = [
    ...programs.flatMap((p) => [p, path.join(p, '..', 'lib')]),
    '/usr/share/nodejs',
    '/usr/share',
  ];
  for (const root of roots) {
    for (const inner of ['node_modules/npm/bin/npm-cli.js', 'npm/bin/npm-cli.js']) {
      const file = path.join(root, inner);
      if (existsSync(file)) return file;
    }
  }
  throw new Failure('npm was not found beside Node or on the PATH. Install Node 20 or newer with npm.');
}
