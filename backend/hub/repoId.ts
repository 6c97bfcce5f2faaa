import { StudioError } from '../../protocol/wire/errors';
import { checkSafePath } from './safePath';

const segment = /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u;

/** `organisation/name`, or the bare name of the hub's oldest models. Throws when it can be neither a name nor a folder. */
export function checkRepoId(repoId: string): void {
  // An address is a slip, not an attack: what is said of unsafe names would puzzle.
  const isAddress = repoId.includes('://');
  if (!isAddress) checkSafePath(repoId, 'The repository name');
  const parts = repoId.split('/');
  if (!isAddress && parts.length <= 2 && parts.every((part) => segment.test(part))) return;
  throw new StudioError(
    'hub.notFound',
    `"${repoId}" is not the name of a repository. Names look like organisation/name.`,
    { details: { repoId } },
  );
}

/** The name as it stands in an address. */
export function repoUrlPath(repoId: string): string {
  return repoId.split('/').map(encodeURIComponent).join('/');
}

/** A file's path as it stands in an address. */
export function fileUrlPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
