/** Unpacking an exported archive into the models folder: every name hostile until proved, nothing half-written. */
import { lstat, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { StudioError } from '../../../protocol/wire/errors';
import { diskFull, toDiskError } from '../../hub/diskError';
import { hashKindOf, type HashKind } from '../../hub/hashing';
import { LocalDir } from '../../hub/localDir';
import { checkRepoId } from '../../hub/repoId';
import { checkSafePath, checkSafePaths, makeFolders } from '../../hub/safePath';
import { writeFully } from './archive/sinks';
import { readTar, type TarEntry } from './archive/tarReader';
import {
  longestManifest,
  manifestFile,
  parseManifest,
  sumsFile,
  type ExportManifest,
} from './exportManifest';
import { ByteCount, type Watched } from './progress';
import { Hashes, readThrough } from './readThrough';

export interface UnpackOptions extends Watched {
  /** Absolute path of the archive. */
  readonly archive: string;
  readonly modelsPath: string;
  readonly freeBytes: (folder: string) => Promise<number>;
}

export interface Unpacked {
  /** The model's folder. */
  readonly root: string;
  readonly manifest: ExportManifest;
}

interface Arrived {
  readonly size: number;
  readonly hashes: ReadonlyMap<HashKind, string>;
}

const bookkeeping = '.cache/huggingface/';
const entryOf = /^\.cache\/huggingface\/download\/(.+)\.metadata$/;
const staging = '.goya-import-';
/** Up to here a file may be listed by its git hash. */
const largestGitBlob = 256 << 20;
/** Hours after which what a killed import left is swept. */
const staleHours = 24;

export async function unpackArchive(options: UnpackOptions): Promise<Unpacked> {
  const { archive, modelsPath } = options;
  const { size } = await stat(archive);
  const free = await options.freeBytes(modelsPath);
  if (size > free) throw diskFull(modelsPath, size, free);
  await sweep(modelsPath);
  const root = path.join(modelsPath, `${staging}${randomUUID()}`);
  try {
    const unpacking = new Unpacking(root, options, size);
    await unpacking.run();
    const manifest = unpacking.proved();
    const destination = placeOf(manifest, modelsPath);
    if (await isThere(destination, manifest)) return { root: destination, manifest };
    await unpacking.writeBookkeeping();
    await makeFolders(
      modelsPath,
      path.relative(modelsPath, path.dirname(destination)).split(path.sep),
      archive,
    );
    await rename(root, destination);
    return { root: destination, manifest };
  } catch (error) {
    throw toDiskError(error, root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

class Unpacking {
  private readonly arrived = new Map<string, Arrived>();
  /** What the archive's bookkeeping says of a file. */
  private readonly recorded = new Map<string, { commit: string; etag: string }>();
  private manifest: ExportManifest | undefined;
  private readonly count: ByteCount;

  constructor(
    private readonly root: string,
    private readonly options: UnpackOptions,
    total: number,
  ) {
    this.count = new ByteCount(total, options);
  }

  async run(): Promise<void> {
    const { archive, signal } = this.options;
    let top: string | undefined;
    for await (const entry of readTar(archive, signal)) {
      const name = entry.name.replace(/^(\.\/)+/, '').replace(/\/$/, '');
      if (entry.type === 'folder' && (name === '' || name === '.')) continue;
      checkName(name);
      if (entry.type !== 'file' && entry.type !== 'folder') throw unsafe(name, 'it is a link or a device');
      top ??= name.split('/')[0] ?? '';
      if (name.split('/')[0] !== top) throw unsafe(name, 'it does not lie in the one folder of the export');
      if (entry.type === 'file') await this.take(name.slice(top.length + 1), entry);
    }
    checkSafePaths([...this.arrived.keys()]);
  }

  /** Everything is there and is what the manifest says. */
  proved(): ExportManifest {
    const { archive } = this.options;
    const { manifest } = this;
    if (manifest === undefined) {
      throw new StudioError(
        'model.unsupported',
        `${archive} is not an export of Goya: ${manifestFile} is not in it. Unpack it and import the folder.`,
        { details: { path: archive } },
      );
    }
    const wrong = manifest.files.filter(({ path: file, size, sha256 }) => {
      const found = this.arrived.get(file);
      return found?.size !== size || found.hashes.get('sha256') !== sha256;
    });
    const listed = new Set(manifest.files.map((file) => file.path));
    const strange = [...this.arrived.keys()].filter((file) => !listed.has(file));
    const [first] = [...wrong.map((file) => file.path), ...strange];
    if (first === undefined && listed.size > 0) return manifest;
    throw new StudioError(
      'model.corrupt',
      `${archive} is damaged: ${first ?? 'the list of its files'} is not what its manifest says. Copy it again from where it was made.`,
      { details: { path: archive, files: [...wrong.map((file) => file.path), ...strange] } },
    );
  }

  /** Written anew for the files that are what it says: times do not survive every copy. */
  async writeBookkeeping(): Promise<void> {
    const local = new LocalDir(this.root);
    for (const [file, { commit, etag }] of this.recorded) {
      const kind = hashKindOf(etag);
      if (kind === undefined || this.arrived.get(file)?.hashes.get(kind) !== etag) continue;
      await local.prepare(file, etag);
      await local.writeMetadata(file, commit, etag);
    }
  }

  private async take(name: string, entry: TarEntry): Promise<void> {
    if (name === manifestFile) {
      this.manifest = parseManifest(await textOf(entry, longestManifest));
    } else if (name.startsWith(bookkeeping)) {
      const file = entryOf.exec(name)?.[1];
      if (file === undefined) return;
      checkSafePath(file);
      const [commit = '', etag = ''] = (await textOf(entry, 4096)).split('\n').map((line) => line.trim());
      if (/^[0-9a-f]{40,64}$/.test(commit)) this.recorded.set(file, { commit, etag });
    } else if (name !== sumsFile) {
      await this.write(name, entry);
    }
  }

  private async write(name: string, { size, read }: TarEntry): Promise<void> {
    checkSafePath(name);
    const folder = await makeFolders(this.root, name.split('/').slice(0, -1), name);
    const handle = await open(path.join(folder, path.posix.basename(name)), 'wx').catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      throw code === 'EEXIST' ? unsafe(name, 'another file of the archive has the same name') : error;
    });
    try {
      const hashes = new Hashes(size <= largestGitBlob ? ['sha256', 'git-sha1'] : ['sha256'], size);
      await read(async (piece) => {
        hashes.update(piece);
        await writeFully(handle, piece);
        this.count.add(name, piece.length);
      });
      await handle.sync();
      this.arrived.set(name, { size, hashes: hashes.finish() });
    } finally {
      await handle.close();
    }
  }
}

/** The bookkeeping's own names are safe too, though no file of a model may have them. */
function checkName(name: string): void {
  const inner = name.split('/').slice(1).join('/');
  const cut = inner.startsWith(bookkeeping)
    ? `${name.split('/')[0] ?? ''}/${inner.slice('.cache/'.length)}`
    : name;
  checkSafePath(cut);
}

async function textOf({ size, read, name }: TarEntry, longest: number): Promise<string> {
  if (size > longest) throw unsafe(name, 'it is far longer than such a file is');
  const pieces: Buffer[] = [];
  await read((piece) => void pieces.push(Buffer.from(piece)));
  return Buffer.concat(pieces).toString('utf8');
}

function unsafe(name: string, why: string): StudioError {
  return new StudioError(
    'download.unsafePath',
    `The entry "${name.replace(/\p{Cc}/gu, '\uFFFD').slice(0, 200)}" of the archive is refused: ${why}. Nothing was imported.`,
    { details: { path: name } },
  );
}

/** `<modelsPath>/<org>/<name>`; a model without a repository gets `local/<name>`. */
function placeOf({ repoId, name }: ExportManifest, modelsPath: string): string {
  if (repoId !== undefined) {
    checkRepoId(repoId);
    checkSafePath(repoId);
    return path.join(modelsPath, ...repoId.split('/'));
  }
  const plain = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+|[.-]+$/g, '') || 'model';
  checkSafePath(`local/${plain}`);
  return path.join(modelsPath, 'local', plain);
}

/** True when the same files lie there already; anything else in the way is refused. */
async function isThere(destination: string, manifest: ExportManifest): Promise<boolean> {
  const found = await lstat(destination).catch(() => undefined);
  if (found === undefined) return false;
  if (found.isDirectory() && (await readdir(destination)).length === 0) {
    await rmdir(destination); // Windows renames nothing onto a folder.
    return false;
  }
  const same = async ({ path: file, size, sha256 }: ExportManifest['files'][number]): Promise<boolean> => {
    const place = path.join(destination, ...file.split('/'));
    const there = await lstat(place).catch(() => undefined);
    if (there?.isFile() !== true || there.size !== size) return false;
    const hashes = new Hashes(['sha256'], size);
    await readThrough({ path: place, size, onPiece: (piece) => hashes.update(piece) });
    return hashes.finish().get('sha256') === sha256;
  };
  for (const file of manifest.files) {
    if (await same(file)) continue;
    throw new StudioError(
      'download.writeFailed',
      `${destination} holds another version of the model already. Remove that one from the library first.`,
      { details: { path: destination } },
    );
  }
  return true;
}

async function sweep(modelsPath: string): Promise<void> {
  for (const name of await readdir(modelsPath).catch(() => [] as string[])) {
    if (!name.startsWith(staging)) continue;
    const left = path.join(modelsPath, name);
    const found = await lstat(left).catch(() => undefined);
    const hours = (Date.now() - (found?.mtimeMs ?? Date.now())) / 3_600_000;
    if (hours > staleHours) await rm(left, { recursive: true, force: true });
  }
}
