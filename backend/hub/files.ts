/** The files of a repository at one commit, with sizes and hashes, from whichever route the hub has. */
import { z } from 'zod';
import { isStudioError } from '../../protocol/wire/errors';
import { say } from '../language/say';
import type { HubApi, ReadAnswer } from './api';
import { invalidResponse } from './errors';
import { fileUrlPath, repoUrlPath } from './repoId';
import { hubModelJson, hubTreeEntry, type hubLfs } from './wire';

export interface RepoFile {
  /** `/`-separated, hostile until `checkSafePaths` has seen it. */
  readonly path: string;
  readonly size: number;
  /** What the official client calls the etag: the sha256 of an LFS file, the git-blob sha1 of another; undefined when the hub tells neither. */
  readonly etag: string | undefined;
  /** Of the content; LFS files only. */
  readonly sha256: string | undefined;
}

interface Listed {
  readonly path: string;
  readonly size: number | undefined;
  readonly etag: string | undefined;
  readonly sha256: string | undefined;
}

export interface Listing {
  readonly api: HubApi;
  readonly repoId: string;
  readonly commit: string;
  readonly signal?: AbortSignal | undefined;
  /** A model's unless told. */
  readonly kind?: RepoKind;
}

export type RepoKind = 'model' | 'dataset';

/** Longest listing that is followed, in pages of (on the real hub) 1000 entries. */
const longestListing = 500;

export async function listRepoFiles(listing: Listing): Promise<RepoFile[]> {
  const listed = (await fromTree(listing)) ?? (await fromSiblings(listing));
  return completeSizes(listing, listed);
}

/** By the official client; undefined when the hub has no such route. */
async function fromTree({
  api,
  repoId,
  commit,
  signal,
  kind = 'model',
}: Listing): Promise<Listed[] | undefined> {
  const { listFiles } = await import('@huggingface/hub');
  const seen = new Set<string>();
  const subject = say`The file list of ${repoId}`;
  const entries = listFiles({
    repo: { type: kind, name: repoUrlPath(repoId) },
    revision: encodeURIComponent(commit),
    recursive: true,
    hubUrl: api.endpoint,
    fetch: async (input) => {
      const url = atEndpoint(addressOf(input), api.endpoint);
      if (seen.has(url) || seen.size >= longestListing) {
        throw invalidResponse(url, 'its list of files has no end');
      }
      seen.add(url);
      return toFetchResponse(await api.read({ url, subject, signal }));
    },
  });
  try {
    const files: Listed[] = [];
    for await (const raw of entries) {
      const entry = hubTreeEntry.safeParse(raw);
      if (!entry.success)
        throw invalidResponse(api.endpoint, `${subject} has an entry without a path`, entry.error);
      const { type, path, size, oid, lfs } = entry.data;
      if (type !== 'file') continue;
      files.push(toListed(path, lfs?.size ?? size, oid, lfs));
    }
    return files;
  } catch (error) {
    // A hub without the route, or the official client tripping over an answer that is no list.
    if (routeIsMissing(error)) return undefined;
    if (isStudioError(error)) throw error;
    throw invalidResponse(api.endpoint, `${subject} did not come as a list`, error);
  }
}

async function fromSiblings({ api, repoId, commit, signal, kind = 'model' }: Listing): Promise<Listed[]> {
  const base = `/api/${kind}s/${repoUrlPath(repoId)}`;
  const subject = say`The file list of ${repoId}`;
  const ask = (url: string): Promise<unknown> => api.json({ url, subject, signal });
  const json = await ask(`${base}/revision/${encodeURIComponent(commit)}?blobs=true`).catch(
    (error: unknown) => {
      if (routeIsMissing(error)) return ask(`${base}?blobs=true`);
      throw error;
    },
  );
  const parsed = z.object({ siblings: hubModelJson.shape.siblings }).safeParse(json);
  const siblings = parsed.success ? parsed.data.siblings : undefined;
  if (!siblings) throw invalidResponse(api.endpoint, `${subject} holds no file names`);
  return siblings.map(({ rfilename, size, blobId, lfs }) =>
    toListed(rfilename, lfs?.size ?? size ?? undefined, blobId ?? undefined, lfs),
  );
}

function toListed(
  path: string,
  size: number | undefined,
  oid: string | undefined,
  lfs: z.infer<typeof hubLfs> | null | undefined,
): Listed {
  const sha256 = (lfs?.oid ?? lfs?.sha256)?.replace(/^sha256:/, '');
  return { path, size, etag: sha256 ?? (lfs ? undefined : oid), sha256 };
}

/** Asks for the head of each file whose size or hash the listing left out. */
async function completeSizes(listing: Listing, listed: readonly Listed[]): Promise<RepoFile[]> {
  const files: RepoFile[] = [];
  const work = [...listed.entries()];
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let next = work.shift(); next !== undefined; next = work.shift()) {
        const [index, file] = next;
        const { size, etag } = file;
        files[index] =
          size !== undefined && etag !== undefined ? { ...file, size, etag } : await fromHead(listing, file);
      }
    }),
  );
  return files;
}

async function fromHead({ api, repoId, commit, signal, kind }: Listing, file: Listed): Promise<RepoFile> {
  const answer = await api.request({
    url: resolveUrl(repoId, commit, file.path, kind),
    method: 'HEAD',
    accept: '*/*',
    subject: say`The file ${file.path} of ${repoId}`,
    signal,
    stopAtOtherHost: true,
  });
  await answer.discard();
  const redirected = answer.status >= 300;
  const length = answer.header('x-linked-size') ?? (redirected ? null : answer.header('content-length'));
  const size = file.size ?? (length === null ? NaN : Number(length));
  if (!Number.isSafeInteger(size)) {
    throw invalidResponse(api.endpoint, `it does not tell the size of ${file.path}`);
  }
  const etag = normalizeEtag(answer.header('x-linked-etag') ?? (redirected ? null : answer.header('etag')));
  const sha256 = etag !== undefined && /^[0-9a-f]{64}$/.test(etag) ? etag : undefined;
  return { path: file.path, size, etag: file.etag ?? etag, sha256: file.sha256 ?? sha256 };
}

/** Without quotes and without the mark of a weak one, as the official client records it. */
export function normalizeEtag(etag: string | null): string | undefined {
  if (etag === null) return undefined;
  return etag.replace(/^W\//, '').replace(/^"|"$/g, '') || undefined;
}

/** The address at the hub in force: a mirror's pages may name the next one at the hub that it mirrors. */
function atEndpoint(address: string, endpoint: string): string {
  const { origin, pathname, search } = new URL(address);
  return origin === new URL(endpoint).origin ? address : `${endpoint}${pathname}${search}`;
}

/** From the endpoint on. */
export function resolveUrl(repoId: string, commit: string, path: string, kind: RepoKind = 'model'): string {
  const place = kind === 'dataset' ? '/datasets' : '';
  return `${place}/${repoUrlPath(repoId)}/resolve/${encodeURIComponent(commit)}/${fileUrlPath(path)}`;
}

/** 404 or 405 without a word of the repository: the hub does not know the route. */
export function routeIsMissing(error: unknown): boolean {
  if (!isStudioError(error)) return false;
  const status = error.details?.['status'];
  return (status === 404 || status === 405 || status === 501) && error.details?.['code'] === undefined;
}

export function addressOf(input: string | URL | Request): string {
  return typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
}

/** What the official client reads from its `fetch`: status, JSON and the `Link` header. */
export function toFetchResponse(answer: ReadAnswer, headers = ['link', 'content-type']): Response {
  const kept = headers.flatMap((name) => {
    const value = answer.header(name);
    return value === null ? [] : [[name, value] as [string, string]];
  });
  return new Response(answer.body, { status: answer.status, headers: kept });
}
