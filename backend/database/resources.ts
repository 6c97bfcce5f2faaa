import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A file that the database code needs at run time. The build lays them in `dist/backend/database/`, beside the entry
 * points and one above the chunks; from source they are here.
 */
export function resource(name: string): string {
  const present = builtFile(name);
  if (present === undefined) {
    throw new Error(`The installation is incomplete: ${path.join('database', name)} is missing.`);
  }
  return present;
}

/** The same for one that only a build has. */
export function builtFile(name: string): string | undefined {
  return places()
    .map((folder) => path.join(folder, 'database', name))
    .find((candidate) => existsSync(candidate));
}

/** The bundle of another thread; undefined from source. */
export function builtEntry(name: string): string | undefined {
  return places()
    .map((folder) => path.join(folder, name))
    .find((candidate) => existsSync(candidate));
}

function places(): string[] {
  const here = path.dirname(fileURLToPath(import.meta.url));
  return [here, path.dirname(here)];
}
