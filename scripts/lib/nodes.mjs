import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from './cacheFolder.mjs';
import { withLock } from './lock.mjs';
import { npm } from './npm.mjs';
import { say } from './say.mjs';

/** Newer than the oldest that Goya runs on, which is the one that tests run in. */
export const otherNodes = ['22', '24'];

const system = process.platform === 'win32' ? 'win' : process.platform;
const name = `node-${system}-${process.arch}`;

const folderOf = (major) => path.join(cacheFolder(), 'nodes', major);

/** A Node of that major version in the cache, or undefined. */
export function findNode(major) {
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const file = path.join(folderOf(major), 'node_modules', name, 'bin', program);
  return existsSync(file) ? file : undefined;
}

/** Fetches the others from the npm registry (about 50 MB each), where they are packages of one program. */
export async function provisionNodes() {
  for (const major of otherNodes) await provisionNode(major);
}

/** One of them, such as `24`. */
export async function provisionNode(major) {
  if (findNode(major)) return;
  await withLock(path.join(cacheFolder(), 'locks', 'nodes.lock'), () => install(major), { what: 'Node' });
}

async function install(major) {
  if (findNode(major)) return;
  say(`fetching Node ${major} (npm package ${name})`);
  const aside = `${folderOf(major)}.new`;
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { recursive: true });
  await npm([
    'install',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--prefix',
    aside,
    `${name}@${major}`,
  ]);
  await rm(folderOf(major), { recursive: true, force: true });
  await rename(aside, folderOf(major));
}
