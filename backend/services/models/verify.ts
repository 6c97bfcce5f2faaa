/** Whether a model on disk is what it was when it came. Needs no network. */
import { stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { Model, ModelProblem } from '../../../protocol/model/model';
import { isStudioError } from '../../../protocol/wire/errors';
import { hashKindOf } from '../../hub/hashing';
import type { DownloadsStore } from '../../stores/downloads';
import { expectedFiles, type Expected } from './expected';
import { ByteCount, type Watched } from './progress';
import { Hashes, readThrough } from './readThrough';
import { checkTfjs } from './tfjsManifest';

export interface Verified {
  readonly problems: readonly ModelProblem[];
  /** Files whose content was compared with a hash. */
  readonly compared: number;
}

export async function verifyModel(
  model: Model,
  downloads: DownloadsStore,
  watched: Watched = {},
): Promise<Verified> {
  if (model.status === 'missing') {
    const message = `The folder ${model.path} is not there.`;
    return { problems: [{ file: '.', kind: 'missing', message }], compared: 0 };
  }
  const expected = [...(await expectedFiles(model, downloads))].sort(([a], [b]) => (a < b ? -1 : 1));
  const place = (file: string): string => path.join(model.path, ...file.split('/'));
  const sizes = await Promise.all(
    expected.map(([file]) =>
      stat(place(file)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  const count = new ByteCount(
    sizes.reduce((sum, size) => sum + size, 0),
    watched,
  );
  const problems: ModelProblem[] = [];
  for (const [file, wanted] of expected) {
    const found = await check(place(file), wanted, watched.signal, (bytes) => count.add(file, bytes));
    if (found !== undefined) problems.push({ file, ...found });
  }
  const compared = expected.filter(([, { etag }]) => hashKindOf(etag) !== undefined).length;
  const known = new Set(problems.map(({ file }) => file));
  const tfjs = (await checkTfjs(model.path)).filter(({ file }) => !known.has(file));
  return { problems: [...problems, ...tfjs], compared };
}

async function check(
  file: string,
  wanted: Expected,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Promise<Omit<ModelProblem, 'file'> | undefined> {
  try {
    const found = await stat(file);
    if (!found.isFile()) return { kind: 'altered', message: 'It is not a file.' };
    if (wanted.size !== undefined && found.size !== wanted.size) {
      const kind = found.size < wanted.size ? 'truncated' : 'altered';
      const how = kind === 'truncated' ? 'It is cut short' : 'It is too long';
      return { kind, message: `${how}: it has ${found.size} bytes instead of ${wanted.size}.` };
    }
    const kind = hashKindOf(wanted.etag);
    if (kind === undefined) return undefined;
    const hashes = new Hashes([kind], found.size);
    const onPiece = (piece: Buffer): void => {
      hashes.update(piece);
      onBytes(piece.length);
    };
    await readThrough({ path: file, size: found.size, signal, onPiece });
    if (hashes.finish().get(kind) === wanted.etag) return undefined;
    await distrust(file);
    const message = 'Its content is not what came: the hash differs. Repair the model to fetch it again.';
    return { kind: 'altered', message };
  } catch (error) {
    if (isStudioError(error, 'model.corrupt')) return { kind: 'truncated', message: error.message };
    if (isStudioError(error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing', message: 'It is missing.' };
    return { kind: 'unreadable', message: `It cannot be read (${code ?? String(error)}).` };
  }
}

/**
 * A file newer than its bookkeeping is hashed again by every client before it is taken for complete: so the next
 * download fetches just this file. A few seconds ahead, past the grace that clients give.
 */
async function distrust(file: string): Promise<void> {
  const { atime } = await stat(file);
  // A file that cannot be touched cannot be repaired either; the download will say so.
  await utimes(file, atime, new Date(Date.now() + 3000)).catch(() => undefined);
}
