/** Whether a folder that somebody brought is what its repository has: told by hashes, as far as anybody knows them. */
import path from 'node:path';
import type { ModelProblem, Verification } from '../../../protocol/model/model';
import { isStudioError } from '../../../protocol/wire/errors';
import type { HubClient } from '../../hub/client';
import type { RepoFile } from '../../hub/files';
import { hashKindOf } from '../../hub/hashing';
import { tfjsFoldersOf, weightFormatOf } from '../../hub/weightFormat';
import type { FolderFile } from '../../weights/folderFiles';
import type { Expected, KeptHashes } from './expected';
import type { ExportManifest } from './exportManifest';
import { ByteCount, type Watched } from './progress';
import { Hashes, readThrough } from './readThrough';

export type HubListing = Pick<HubClient, 'pin' | 'files'>;

export interface Comparison extends Watched {
  readonly root: string;
  readonly files: readonly FolderFile[];
  readonly repoId: string | undefined;
  readonly revision: string | undefined;
  readonly manifest: ExportManifest | undefined;
  /** From the bookkeeping beside the files. */
  readonly recorded: ReadonlyMap<string, Expected>;
  readonly hub: HubListing | undefined;
}

export interface Compared {
  readonly verification: Verification;
  /** At which the hub was asked. */
  readonly commit: string | undefined;
  readonly licence: string | undefined;
  /** What was proved, for later checks without a network. */
  readonly hashes: KeptHashes['files'];
  /** True when the files are not even what the record beside them says. */
  readonly damaged: boolean;
}

type Source = Verification['against'][number];
interface Claim extends Expected {
  readonly from: Source;
}
/** Milliseconds that the hub may take: an import must not hang on a bad line. */
const longestAsking = 30_000;

export async function compareFolder(comparison: Comparison): Promise<Compared> {
  const asked = await askHub(comparison);
  const claims = claimsOf(comparison, asked.listed);
  const onDisk = new Map(comparison.files.map((file) => [file.path, file.size]));
  const problems: (ModelProblem & { readonly from: Source })[] = [];
  const hashes: Record<string, { size: number; etag: string }> = {};
  const work = comparison.files.filter((file) => claims.has(file.path));
  const count = new ByteCount(
    work.reduce((sum, file) => sum + file.size, 0),
    comparison,
  );
  for (const [file, wanted] of claims) {
    const size = onDisk.get(file);
    if (size !== undefined) continue;
    // The hub has more than anybody takes; what the folder's own record tells of must be there.
    const owner = wanted.find(({ from }) => from !== 'hub');
    if (owner !== undefined) {
      problems.push({ file, kind: 'missing', message: 'It is missing.', from: owner.from });
    }
  }
  for (const { path: file, size } of work) {
    const wanted = claims.get(file) ?? [];
    const found = await checkFile({ comparison, file, size, wanted, count });
    const etag = wanted.find((claim) => hashKindOf(claim.etag) !== undefined)?.etag;
    if (found !== undefined) problems.push({ file, ...found });
    else if (etag !== undefined) hashes[file] = { size, etag };
  }
  problems.push(...foreignWeights(comparison, asked.listed));
  const against = [...new Set([...claims.values()].flat().map(({ from }) => from))];
  const verification: Verification = {
    ...judged({ problems, asked, compared: Object.keys(hashes).length }),
    problems: problems.map(({ file, kind, message }) => ({ file, ...(kind && { kind }), message })),
    at: new Date().toISOString(),
    against,
  };
  const damaged = problems.some(({ from }) => from !== 'hub');
  return { verification, commit: asked.commit, licence: asked.licence, hashes, damaged };
}

interface Asked {
  readonly listed?: readonly RepoFile[];
  readonly commit?: string;
  readonly licence?: string | undefined;
  /** Why there is no listing. */
  readonly reason?: string;
}

async function askHub({ hub, repoId, revision, signal }: Comparison): Promise<Asked> {
  if (repoId === undefined) {
    return { reason: 'It is not known which repository it comes from; name one to compare with it.' };
  }
  if (hub === undefined) return { reason: 'The hub was not asked.' };
  const limit = AbortSignal.timeout(longestAsking);
  const either = signal === undefined ? limit : AbortSignal.any([signal, limit]);
  try {
    const { commit, model } = await hub.pin(repoId, revision, either);
    return { listed: await hub.files(repoId, commit, either), commit, licence: model.licence };
  } catch (error) {
    if (signal?.aborted === true) throw error;
    if (isStudioError(error, 'cancelled')) return { reason: 'The hub did not answer in time.' };
    if (isStudioError(error) && error.kind.startsWith('hub.')) return { reason: error.message };
    throw error;
  }
}

/** The hub's word first: it is what a later repair fetches. */
function claimsOf(
  { files, manifest, recorded }: Comparison,
  listed: readonly RepoFile[] | undefined,
): Map<string, Claim[]> {
  const claims = new Map<string, Claim[]>();
  const add = (file: string, claim: Claim): void => {
    claims.set(file, [...(claims.get(file) ?? []), claim]);
  };
  const here = new Set(files.map((file) => file.path));
  for (const { path: file, size, etag } of listed ?? []) {
    if (here.has(file)) add(file, { from: 'hub', size, etag });
  }
  for (const [file, { size, etag }] of recorded) add(file, { from: 'record', size, etag });
  for (const { path: file, size, sha256 } of manifest?.files ?? []) {
    add(file, { from: 'export', size, etag: sha256 });
  }
  return claims;
}

interface FileCheck {
  readonly comparison: Comparison;
  readonly file: string;
  readonly size: number;
  readonly wanted: readonly Claim[];
  readonly count: ByteCount;
}

async function checkFile(
  check: FileCheck,
): Promise<(Omit<ModelProblem, 'file'> & { readonly from: Source }) | undefined> {
  const { comparison, file, size, wanted, count } = check;
  const names = { hub: "the hub's", export: "the export's", record: 'the recorded one' } as const;
  const wrongSize = wanted.find((claim) => claim.size !== undefined && claim.size !== size);
  if (wrongSize !== undefined) {
    count.add(file, size);
    const kind = size < (wrongSize.size ?? 0) ? 'truncated' : 'altered';
    return { kind, from: wrongSize.from, message: `It has ${size} bytes instead of ${wrongSize.size ?? 0}.` };
  }
  const kinds = wanted.flatMap(({ etag }) => hashKindOf(etag) ?? []);
  const hashes = new Hashes(kinds, size);
  try {
    await readThrough({
      path: path.join(comparison.root, ...file.split('/')),
      size,
      signal: comparison.signal,
      onPiece: (piece) => {
        hashes.update(piece);
        count.add(file, piece.length);
      },
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (isStudioError(error) || code === undefined) throw error;
    return { kind: 'unreadable', from: 'record', message: `It cannot be read (${code}).` };
  }
  const found = hashes.finish();
  const differing = wanted.filter(({ etag }) => {
    const kind = hashKindOf(etag);
    return kind !== undefined && found.get(kind) !== etag;
  });
  const [first] = differing;
  if (first === undefined) return undefined;
  return { kind: 'altered', from: first.from, message: `Its hash is not ${names[first.from]}.` };
}

/** Weights that the repository does not have at all are not the repository's model. */
function foreignWeights(
  { files }: Comparison,
  listed: readonly RepoFile[] | undefined,
): (ModelProblem & { readonly from: Source })[] {
  if (listed === undefined) return [];
  const known = new Set(listed.map((file) => file.path));
  const paths = files.map((file) => file.path);
  const folders = tfjsFoldersOf(paths);
  return paths
    .filter((file) => !known.has(file) && weightFormatOf(file, folders) !== undefined)
    .map((file) => ({ file, kind: 'altered', message: 'The repository has no such weights.', from: 'hub' }));
}

function judged({
  problems,
  asked,
  compared,
}: {
  readonly problems: readonly ModelProblem[];
  readonly asked: Asked;
  readonly compared: number;
}): Pick<Verification, 'state' | 'reason'> {
  if (problems.length > 0) return { state: 'differs' };
  if (asked.listed === undefined) return { state: 'unverified', reason: asked.reason };
  if (compared === 0) return { state: 'unverified', reason: 'The repository has none of the files.' };
  return { state: 'verified' };
}
