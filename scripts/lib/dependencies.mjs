import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { npm } from './npm.mjs';
import { withLock } from './lock.mjs';
import { say } from './say.mjs';
import { cacheFolder } from './cacheFolder.mjs';
import { createHash } from 'node:crypto';

/**
 * Whether node_modules holds what package-lock.json asks for. npm writes what it installed to
 * node_modules/.package-lock.json: every package that belongs on this platform must be there in that version,
 * and its folder must still exist.
 */
export function dependenciesAreCurrent(root) {
  const wanted = readPackages(path.join(root, 'package-lock.json'));
  const installed = readPackages(path.join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !installed) return false;
  for (const [place, entry] of Object.entries(wanted)) {
    if (place === '' || entry.link) continue;
    const have = installed[place];
    if (!have) {
      if (entry.optional || entry.peer) continue; // for another platform, or left to its consumer
      return false;
    }
    if (have.version !== entry.version) return false;
    if (!existsSync(path.join(root, place, 'package.json'))) return false;
  }
  return true;
}

function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

/** `npm ci` when something is missing. Install scripts of packages never run (.npmrc). */
export async function ensureDependencies(root) {
  if (dependenciesAreCurrent(root)) return;
  const name = createHash('sha256').update(root).digest('hex').slice(0, 12);
  await withLock(
    path.join(cacheFolder(), 'locks', `npm-${name}.lock`),
    async () => {
      if (dependenciesAreCurrent(root)) return;
      say('installing the packages of package-lock.json (npm ci)');
      await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root });
    },
    { what: "the project's packages" },
  );
}
