/** A model's name as people write or paste it. Pure. */

export interface RepoName {
  readonly repoId: string;
  readonly revision?: string;
}

const part = /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}$/;
const revisionPattern = /^[A-Za-z0-9][A-Za-z0-9._/-]*$/;

/** Reads `org/name`, `name`, `org/name@revision` and pages of any hub (`https://host/org/name/tree/revision`). */
export function parseRepoName(text: string): RepoName | undefined {
  const trimmed = text.trim();
  return /^https?:\/\//i.test(trimmed) ? fromPage(trimmed) : fromName(trimmed);
}

function fromName(text: string): RepoName | undefined {
  const [name = '', revision, ...rest] = text.split('@');
  if (rest.length > 0) return undefined;
  const parts = name.split('/');
  if (parts.length > 2 || !parts.every(isPart)) return undefined;
  if (revision === undefined) return { repoId: name };
  return revisionPattern.test(revision) ? { repoId: name, revision } : undefined;
}

function fromPage(text: string): RepoName | undefined {
  if (!URL.canParse(text)) return undefined;
  const parts = new URL(text).pathname.split('/').filter((each) => each !== '');
  if (parts[0] === 'models') parts.shift();
  const [owner, name, view, ...revision] = parts;
  if (owner === undefined || name === undefined || !isPart(owner) || !isPart(name)) return undefined;
  if (owner === 'datasets' || owner === 'spaces') return undefined;
  const repoId = `${owner}/${name}`;
  if ((view !== 'tree' && view !== 'blob' && view !== 'resolve') || revision[0] === undefined)
    return { repoId };
  return { repoId, revision: decodeURIComponent(revision[0]) };
}

function isPart(text: string): boolean {
  return part.test(text) && !text.includes('..') && !text.includes('--');
}
