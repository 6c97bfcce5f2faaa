/** What was probably meant by a path that leads nowhere. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { nearest } from '../../sdk/nearest';

const offered = 5;

/**
 * Paths that exist and stand where `given` should, relative to the config and with `/`: each part that is there is kept,
 * the first that is not becomes its nearest neighbour, and what follows is looked for below that.
 */
export async function siblingPaths(
  basePath: string,
  given: string,
  isAllowed: (absolute: string) => Promise<boolean>,
): Promise<string[]> {
  const parts = given.split(/[\\/]+/).filter((part) => part !== '' && part !== '.');
  if (path.isAbsolute(given) || parts.length === 0) return [];
  const found = await follow(basePath, [], parts);
  const allowed = await Promise.all(found.map((one) => isAllowed(path.resolve(basePath, one))));
  return found.filter((_, i) => allowed[i]).slice(0, offered);
}

async function follow(basePath: string, done: readonly string[], rest: readonly string[]): Promise<string[]> {
  const [part, ...later] = rest;
  if (part === undefined) return [done.join('/')];
  if (part === '..') return follow(basePath, [...done, part], later);
  const names = await readdir(path.resolve(basePath, ...done)).catch((): string[] => []);
  if (names.includes(part)) return follow(basePath, [...done, part], later);
  const here = candidates(part, names);
  const found = await Promise.all(here.map((name) => follow(basePath, [...done, name], later)));
  return found.flat();
}

/** The nearest by its letters, then those that begin alike or have the same ending. */
function candidates(part: string, names: readonly string[]): string[] {
  const shown = names.filter((name) => !name.startsWith('.') && name !== 'node_modules');
  const meant = nearest(part, shown);
  const stem = path.parse(part).name.toLowerCase();
  const ending = path.extname(part).toLowerCase();
  const alike = shown.filter(
    (name) =>
      path.parse(name).name.toLowerCase() === stem ||
      (ending !== '' && path.extname(name).toLowerCase() === ending),
  );
  return [...new Set([...(meant === undefined ? [] : [meant]), ...alike])].slice(0, offered);
}
