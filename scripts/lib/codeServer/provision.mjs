import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../failure.mjs';
import { withLock } from '../lock.mjs';
import { npm } from '../npm.mjs';
import { run } from '../run.mjs';
import { say } from '../say.mjs';
import { codeServerNode, provisionCodeServerNode } from './node.mjs';
import { lowest } from './versions.mjs';

/** What its own install script would fetch from elsewhere. */
const ripgrepVersion = '1.18.0';

/** Native parts of VS Code that matter here: log, file watching, terminal. The rest is optional to it. */
const nativeParts = [
  '@vscode/spdlog',
  '@parcel/watcher',
  'native-watchdog',
  '@vscode/native-watchdog',
  'node-pty',
];

/** The folder of one version, per ABI: its native parts are built for one major Node version. */
export function codeServerFolder(cache, version) {
  return path.join(cache, 'code-server', `${version}-abi${process.versions.modules}`);
}

/** The script that Node runs to start it. */
export function codeServerEntry(folder) {
  return path.join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
}

/** Makes sure that code-server is in the cache; built aside, tried, renamed last. Gives back its folder. */
export async function provisionCodeServer({ cache, version = lowest }) {
  const folder = codeServerFolder(cache, version);
  if (existsSync(codeServerEntry(folder))) return folder;
  if (process.platform === 'win32')
    throw new Failure(
      'VS Code in the browser (code-server) does not run on Windows. Install desktop VS Code with its `code` command and run this again.',
    );
  return withLock(
    path.join(cache, 'locks', 'code-server.lock'),
    async () => {
      if (!existsSync(codeServerEntry(folder))) await build(folder, version);
      return folder;
    },
    { what: 'code-server' },
  );
}

async function build(folder, version) {
  await mkdir(path.dirname(folder), { recursive: true });
  const aside = await mkdtemp(path.join(path.dirname(folder), '.building-'));
  try {
    await install(aside, version);
    await run(codeServerNode(aside), [codeServerEntry(aside), '--version']);
    await chmod(aside, 0o755);
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
    say(`code-server ${version}: ${folder}`);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** The steps of code-server's own postinstall, without its downloads. */
async function install(folder, version) {
  const ripgrep = `@vscode/ripgrep-${process.platform}-${process.arch}`;
  const dependencies = { 'code-server': version, [ripgrep]: ripgrepVersion };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  say(`installing code-server ${version} (about 200 MB, once)`);
  await npm(['install', '--ignore-scripts', ...quiet], { cwd: folder });
  await provisionCodeServerNode(folder);
  const node = codeServerNode(folder);
  const vscode = path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  await npm(['install', '--ignore-scripts', '--omit=dev', ...quiet], { cwd: vscode, node });
  await symlink('node_modules', path.join(vscode, 'node_modules.asar'));
  say('building its native parts');
  const rebuild = ['rebuild', '--ignore-scripts=false', ...quiet];
  await npm([...rebuild, ...nativeParts], { cwd: vscode, node });
  await npm([...rebuild, 'argon2'], { cwd: folder, node });
  await placeRipgrep(path.join(folder, 'node_modules', ripgrep, 'bin', 'rg'), vscode);
}

async function placeRipgrep(source, vscode) {
  const bin = path.join(vscode, 'node_modules', '@vscode', 'ripgrep', 'bin');
  await mkdir(bin, { recursive: true });
  if (!existsSync(path.join(bin, 'rg'))) await symlink(path.relative(bin, source), path.join(bin, 'rg'));
}
