import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A file that the database code needs at run time. The build lays them in `dist/backend/database/`, beside the entry
 * points and one above the chunks; from source they are here.
 */
export function resource(name: string): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const candidates = [here, path.dirname(here)].map((folder) => path.join(folder, 'database', name));
  const present = candidates.find((candidate) => existsSync(candidate));
  if (present === undefined) {
    throw new Error(`The installation is incomplete: ${candidates[0] ?? name} is missing.`);
  }
  return present;
}
