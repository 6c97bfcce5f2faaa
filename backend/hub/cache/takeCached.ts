import { rm } from 'node:fs/promises';
import { install } from '../install';
import { rangedPaths } from '../rangedPaths';
import { copyProved } from './copyProved';
import type { CacheQuery, HubCache } from './hubCache';

export interface TakeOptions {
  readonly query: CacheQuery;
  /** Where the beginning that came from the hub lies, if there is one: needless after the copy. */
  readonly partial: string;
  /** Where the copy gathers, in the same folder. */
  readonly copied: string;
  /** The final name; its folder exists. */
  readonly destination: string;
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
}

/**
 * Brings a file from the cache instead of the hub. False when the cache has none with the right content: a damaged one
 * is passed over as if it were not there. The cache itself is never changed.
 */
export async function takeCached(cache: HubCache | undefined, options: TakeOptions): Promise<boolean> {
  const { query, partial, copied: to, destination, signal, onBytes } = options;
  const { etag, size } = query;
  if (cache === undefined || etag === undefined || size === 0) return false;
  for (const { path: from } of await cache.find(query)) {
    if (await copyProved({ from, to, size, etag, signal, onBytes })) {
      await install(to, destination);
      const { path: ranges, journal } = rangedPaths(partial);
      for (const needless of [partial, ranges, journal]) await rm(needless, { force: true });
      return true;
    }
  }
  return false;
}
