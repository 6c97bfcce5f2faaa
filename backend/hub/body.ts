/** What a server's answer to a request for a file's bytes turns out to be. */
import { pipeline, Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { isStudioError, StudioError } from '../../protocol/wire/errors';
import { errorFromNetwork, hostOf, invalidResponse } from './errors';
import { normalizeEtag, type RepoKind } from './files';
import { hashKindOf } from './hashing';
import type { HttpResponse } from './http';

/** A file as the listing of the pinned commit knows it. */
export interface FileIdentity {
  readonly repoId: string;
  readonly commit: string;
  readonly path: string;
  readonly size: number;
  /** Of a model's repository unless told. */
  readonly kind?: RepoKind;
  /** sha256 of an LFS file, git-blob sha1 of another; undefined or something else: only the size can be proved. */
  readonly etag: string | undefined;
}

/**
 * Compares the hub's own answer with its listing before gigabytes are fetched in vain; answers the etag it gives.
 * Only the linked etag tells of a redirected file: the other host's own has nothing to do with the content.
 */
export function checkHubAnswer(
  answer: HttpResponse,
  file: FileIdentity,
  endpoint: string,
): string | undefined {
  const linked = normalizeEtag(answer.header('x-linked-etag'));
  const own = answer.status < 300 ? normalizeEtag(answer.header('etag')) : undefined;
  const etag = linked ?? own;
  const kind = hashKindOf(etag);
  const size = answer.header('x-linked-size');
  const differs =
    (kind !== undefined && kind === hashKindOf(file.etag) && etag !== file.etag) ||
    (size !== null && Number(size) !== file.size);
  if (differs) {
    throw new StudioError(
      'hub.invalidResponse',
      `${hostOf(endpoint)} offers another ${file.path} of ${file.repoId} than its list of files says. Try again later, or another mirror.`,
      { retryable: true, details: { path: file.path, listed: file.etag, offered: etag } },
    );
  }
  return etag;
}

/**
 * A page that somebody on the way put in (a sign-in, a notice): it must neither become part of the file nor cost the
 * bytes that are there. What has the file's own length or hash is the file, whatever it is called.
 */
function isSomethingElse(answer: HttpResponse, offset: number, file: FileIdentity): boolean {
  const etag = normalizeEtag(answer.header('etag'));
  if (etag !== undefined && etag === file.etag) return false;
  const packed = (answer.header('content-encoding') ?? 'identity') !== 'identity';
  const length = packed ? null : answer.header('content-length');
  if (length !== null && Number(length) === file.size) return false;
  const isPage = /^text\/html\b/i.test(answer.header('content-type') ?? '') && !/\.x?html?$/i.test(file.path);
  return isPage || (length !== null && offset > 0);
}

/** Where the body begins: at `offset`, or at 0 when the server sends everything. */
export function rangeStart(
  answer: HttpResponse,
  offset: number,
  file: FileIdentity,
  endpoint: string,
): number {
  if (answer.status !== 206) {
    if (isSomethingElse(answer, offset, file)) {
      throw invalidResponse(endpoint, `it sent something else in the place of ${file.path}`);
    }
    return 0;
  }
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.header('content-range') ?? '');
  const [, start, total] = match ?? [];
  if (start === undefined || Number(start) !== offset || (total !== '*' && Number(total) !== file.size)) {
    throw invalidResponse(endpoint, `it sent another part of ${file.path} than was asked for`);
  }
  return offset;
}

/** The bytes of the file itself; a compressed answer that nobody asked for is unpacked. */
export function bodyOf(answer: HttpResponse, url: string): AsyncIterable<Buffer> {
  const encoding = answer.header('content-encoding') ?? 'identity';
  const unpack =
    encoding === 'gzip'
      ? createGunzip()
      : encoding === 'deflate'
        ? createInflate()
        : encoding === 'br'
          ? createBrotliDecompress()
          : undefined;
  if (unpack === undefined) return withNetworkErrors(answer.body, url);
  return withNetworkErrors(
    pipeline(Readable.from(answer.body), unpack, () => undefined) as AsyncIterable<Buffer>,
    url,
  );
}

async function* withNetworkErrors(body: AsyncIterable<Buffer>, url: string): AsyncIterable<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw isStudioError(error) ? error : errorFromNetwork(url, error);
  }
}
