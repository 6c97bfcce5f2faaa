import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../failure.mjs';
import { withLock } from '../lock.mjs';
import { npm } from '../npm.mjs';
import { run } from '../run.mjs';
import { say } from '../say.mjs';

/** VS Code 1.100 with a browser front, and the ripgrep that its own install script would fetch from elsewhere. */
export const codeServerVersion = '4.100.3';
const ripgrepVersion = '1.18.0';

/** Native parts of VS Code that matter here: log, file watching, terminal. The rest is optional to it. */
const nativeParts = ['@vscode/spdlog', '@parcel/watcher', 'native-watchdog', 'node-pty'];

/** The folder of one version, per ABI: its native parts are built for one major Node version. */
export function codeServerFolder(cache) {
  return path.join(cache, 'code-server', `${codeServerVersion}-abi${process.versions.modules}`);
}

/** The script that Node runs to start it. */
export function codeServerEntry(folder) {
  return path.join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
}

/** Makes sure that code-server is in the cache; built aside, tried, renamed last. Gives back its folder. */
export async function provisionCodeServer({ cache }) {
  const folder = codeServerFolder(cache);
  if (existsSync(codeServerEntry(folder))) return folder;
  if (process.platform === 'win32')
    throw new Failure(
      'VS Code in the browser (code-server) does not run on Windows. Install desktop VS Code with its `code` command and run this again.',
    );
  return withLock(
    path.join(cache, 'locks', 'code-server.lock'),
    async () => {
      if (!existsSync(codeServerEntry(folder))) await build(folder);
      return folder;
    },
    { what: 'code-server' },
  );
}

async function build(folder) {
  await mkdir(path.dirname(folder), { recursive: true });
  const aside = await mkdtemp(path.join(path.dirname(folder), '.building-'));
  try {
    await install(aside);
    await run(process.execPath, [codeServerEntry(aside), '--version']);
    await chmod(aside, 0o755);
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
    say(`code-server ${codeServerVersion} (VS Code 1.100): ${folder}`);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** The steps of code-server's own postinstall, without its downloads. */
async function install(folder) {
  const ripgrep = `@vscode/ripgrep-${process.platform}-${process.arch}`;
  const dependencies = { 'code-server': codeServerVersion, [ripgrep]: ripgrepVersion };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  say(`installing code-server ${codeServerVersion} (about 200 MB, once)`);
  await npm(['install', '--ignore-scripts', ...quiet], { cwd: folder });
  const vscode = path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  await npm(['install', '--ignore-scripts', '--omit=dev', ...quiet], { cwd: vscode });
  await symlink('node_modules', path.join(vscode, 'node_modules.asar'));
  say('building its native parts');
  await npm(['rebuild', '--ignore-scripts=false', ...quiet, ...nativeParts], { cwd: vscode });
  await npm(['rebuild', '--ignore-scripts=false', ...quiet, 'argon2'], { cwd: folder });
  const bin = path.join(vscode, 'node_modules', '@vscode', 'ripgrep', 'bin');
  await mkdir(bin, { recursive: true });
  const source = path.join(folder, 'node_modules', ripgrep, 'bin', 'rg');
  await symlink(path.relative(bin, source), path.join(bin, 'rg'));
}
