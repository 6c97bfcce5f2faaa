/** A model with its hashes for a machine that has no network: a folder or one archive. */
import { lstat, readFile, rename, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { ModelExport } from '../../../protocol/api/models';
import type { Model } from '../../../protocol/model/model';
import { StudioError } from '../../../protocol/wire/errors';
import { throwIfAborted } from '../../hub/cancelled';
import { diskFull, toDiskError } from '../../hub/diskError';
import { hashKindOf } from '../../hub/hashing';
import { LocalDir } from '../../hub/localDir';
import { checkSafePaths, isInside } from '../../hub/safePath';
import { archiveSink, folderSink, type Sink } from './archive/sinks';
import { listFolder, type FolderFile } from '../../weights/folderFiles';
import type { Expected } from './expected';
import { manifestFile, manifestOf, sumsFile, sumsOf, type ExportManifest } from './exportManifest';
import { ByteCount, type Watched } from './progress';
import { Hashes, readThrough } from './readThrough';

export interface ExportOptions extends Watched {
  readonly model: Model;
  /** What the files must be; one that is not is not passed on. */
  readonly expected: ReadonlyMap<string, Expected>;
  /** Absolute path of what is made; must not exist. */
  readonly destination: string;
  readonly format: 'folder' | 'archive';
  readonly freeBytes: (folder: string) => Promise<number>;
}

export async function exportModel(options: ExportOptions): Promise<ModelExport> {
  const { model, destination, format } = options;
  await checkDestination(destination, model);
  const files = (await listFolder(model.path)).filter(
    ({ path: file }) => file !== manifestFile && file !== sumsFile,
  );
  // What could not be unpacked elsewhere is not packed.
  checkSafePaths(files.map((file) => file.path));
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const folder = path.dirname(destination);
  const free = await options.freeBytes(folder);
  if (bytes > free) throw diskFull(folder, bytes, free);
  const partial = `${destination}.partial-${randomBytes(4).toString('hex')}`;
  let sink: Sink | undefined;
  let done = false;
  try {
    sink = format === 'folder' ? await folderSink(partial) : await archiveSink(partial, topOf(model));
    await write(sink, files, bytes, options);
    await sink.finish();
    await sink.close();
    await checkDestination(destination, model);
    throwIfAborted(options.signal);
    await rename(partial, destination);
    done = true;
    return { path: destination, files: files.length, bytes };
  } catch (error) {
    throw toDiskError(error, destination);
  } finally {
    if (!done) {
      await sink?.close().catch(() => undefined); // Closed already when the last steps failed.
      await rm(partial, { recursive: true, force: true });
    }
  }
}

async function write(
  sink: Sink,
  files: readonly FolderFile[],
  bytes: number,
  options: ExportOptions,
): Promise<void> {
  const { model } = options;
  const count = new ByteCount(bytes, options);
  const listed: ExportManifest['files'] = [];
  for (const file of files) {
    const sha256 = await writeFile(sink, file, count, options);
    listed.push({ path: file.path, size: file.size, sha256 });
  }
  const addText = async (name: string, text: string): Promise<string> => {
    const content = Buffer.from(text);
    await sink.add(name, content.length, (piece) => piece(content));
    const hashes = new Hashes(['sha256'], content.length);
    hashes.update(content);
    return hashes.finish().get('sha256') ?? '';
  };
  for (const [name, text] of await bookkeepingOf(model.path, files)) await addText(name, text);
  const manifest = `${JSON.stringify(manifestOf(model, listed), null, 2)}\n`;
  const sha256 = await addText(manifestFile, manifest);
  await addText(sumsFile, sumsOf([...listed, { path: manifestFile, sha256 }]));
}

/** Hashes what it writes. Rejects with `model.corrupt` when the content is not what it should be. */
async function writeFile(
  sink: Sink,
  { path: file, size }: FolderFile,
  count: ByteCount,
  { model, expected, signal }: ExportOptions,
): Promise<string> {
  const etag = expected.get(file)?.etag;
  const kind = hashKindOf(etag);
  const hashes = new Hashes(kind === undefined ? ['sha256'] : ['sha256', kind], size);
  await sink.add(file, size, (write) =>
    readThrough({
      path: path.join(model.path, ...file.split('/')),
      size,
      signal,
      onPiece: async (piece) => {
        hashes.update(piece);
        await write(piece);
        count.add(file, piece.length);
      },
    }),
  );
  const found = hashes.finish();
  if (kind !== undefined && found.get(kind) !== etag) {
    throw new StudioError(
      'model.corrupt',
      `${model.name} cannot be exported: ${file} is not what came, its hash differs. Repair the model first.`,
      { details: { path: model.path, file } },
    );
  }
  return found.get('sha256') ?? '';
}

/** The official client's entries, with the time of now: the copies are newer than the entries they are copied from. */
async function bookkeepingOf(
  root: string,
  files: readonly FolderFile[],
): Promise<readonly (readonly [name: string, text: string])[]> {
  const local = new LocalDir(root);
  const now = Date.now() / 1000 + 1;
  const entries: [string, string][] = [];
  for (const { path: file } of files) {
    const text = await readFile(local.metadataPath(file), 'utf8').catch(() => '');
    const [commit = '', etag = ''] = text.split('\n').map((line) => line.trim());
    if (commit === '' || etag === '') continue;
    entries.push([`.cache/huggingface/download/${file}.metadata`, `${commit}\n${etag}\n${now}\n`]);
  }
  return entries;
}

const topOf = (model: Model): string =>
  path.basename(model.path).replace(/[^\p{L}\p{N}._-]/gu, '_') || 'model';

async function checkDestination(destination: string, model: Model): Promise<void> {
  const refuse = (message: string): never => {
    throw new StudioError('download.writeFailed', message, { details: { path: destination } });
  };
  if (!path.isAbsolute(destination)) refuse(`${destination} is not an absolute path; give the whole path.`);
  if (isInside(model.path, destination))
    refuse(`${destination} lies in the model's own folder; choose another place.`);
  const found = await lstat(destination).catch(() => undefined);
  if (found !== undefined) refuse(`${destination} exists already; choose another name or remove it.`);
  const folder = path.dirname(destination);
  const parent = await lstat(folder).catch(() => undefined);
  if (parent === undefined) refuse(`${folder} does not exist; choose a folder that does.`);
}
