import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { installExtension, writeUserSettings } from './codeServer/start.mjs';
import { say } from './say.mjs';
import { packageVsix, vsixFile } from './vsix.mjs';

/** Where the studio's workspace, profile and extensions live, so that the checkout stays clean. */
export function studioFolders(folder) {
  return {
    workspace: path.join(folder, 'workspace'),
    userDataDir: path.join(folder, 'profile'),
    extensionsDir: path.join(folder, 'extensions'),
    installed: path.join(folder, 'installed'),
  };
}

/** Copies the sample workspace. Files that are there already stay: they are the person's own now. */
export async function copySamples(root, workspace) {
  const isNew = !existsSync(workspace);
  await mkdir(workspace, { recursive: true });
  await cp(path.join(root, 'samples', 'workspace'), workspace, { recursive: true, force: false });
  if (isNew) say(`copied the sample workspace to ${workspace}`);
}

/** Packages and installs the extension when what is installed was built from other sources. */
export async function installStudio({ root, key, codeServer, folders }) {
  const current = existsSync(folders.installed) && (await readFile(folders.installed, 'utf8')) === key;
  if (current) return;
  say('packaging the extension and installing it');
  const vsix = await vsixFile(root);
  await packageVsix({ root, file: vsix });
  await installExtension({ folder: codeServer, vsix, ...folders });
  await writeFile(folders.installed, key);
}

/** A quiet first start; an existing profile is the person's own and stays as it is. */
export async function prepareProfile(userDataDir) {
  if (existsSync(path.join(userDataDir, 'User', 'settings.json'))) return;
  await writeUserSettings(userDataDir, {
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
    'telemetry.telemetryLevel': 'off',
    'extensions.autoCheckUpdates': false,
    'extensions.autoUpdate': false,
    'extensions.ignoreRecommendations': true,
    'update.mode': 'none',
  });
}

/** Opens an address with the system's own opener; without one, the printed address has to do. */
export function openInBrowser(url, platform = process.platform) {
  const [command, ...args] = openerOf(url, platform);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.once('error', () => say('no browser could be opened from here: open the address above yourself'));
  child.unref();
}

/** Program and arguments that open an address. */
export function openerOf(url, platform) {
  if (platform === 'darwin') return ['open', url];
  if (platform === 'win32') return ['rundll32.exe', 'url.dll,FileProtocolHandler', url];
  return ['xdg-open', url];
}

/** Program and arguments that start desktop VS Code: its launcher on Windows is a batch file, which needs cmd. */
export function desktopCommand(code, args, platform = process.platform) {
  return platform === 'win32' ? ['cmd.exe', ['/d', '/c', code, ...args]] : [code, args];
}
