/** Whether a model on disk is what it was when it came. */
import { readFile, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Model } from '../../../protocol/model/model';
import { isStudioError } from '../../../protocol/wire/errors';
import { hashFile, hashKindOf } from '../../hub/hashing';
import { LocalDir } from '../../hub/localDir';
import type { DownloadsStore } from '../../stores/downloads';
import { listFolder } from './describe';
import { recordedFiles } from './origin';

export interface Problem {
  /** Within the model's folder, `/`-separated. */
  readonly file: string;
  readonly message: string;
}

interface Expected {
  readonly etag: string | undefined;
  readonly size: number | undefined;
}

export async function verifyModel(
  model: Model,
  downloads: DownloadsStore,
  signal: AbortSignal | undefined,
): Promise<Problem[]> {
  if (model.status === 'missing') return [{ file: '.', message: `The folder ${model.path} is not there.` }];
  const expected = await expectedFiles(model, downloads);
  const problems: Problem[] = [];
  for (const [file, wanted] of [...expected].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const message = await check(path.join(model.path, ...file.split('/')), wanted, signal);
    if (message !== undefined) problems.push({ file, message });
  }
  return [...problems, ...(await checkTfjs(model.path))];
}

/** From the last completed download, else from the bookkeeping beside the files. */
async function expectedFiles(model: Model, downloads: DownloadsStore): Promise<Map<string, Expected>> {
  const expected = new Map<string, Expected>();
  const local = new LocalDir(model.path);
  for (const file of await recordedFiles(model.path)) {
    const [, etag] = (await readFile(local.metadataPath(file), 'utf8')).split('\n');
    expected.set(file, { etag: etag?.trim(), size: undefined });
  }
  const completed = (await downloads.list({ state: 'completed' })).filter(
    (download) => download.path === model.path && download.commit === model.commit,
  );
  for (const download of completed) {
    for (const { path: file, etag, size } of await downloads.files(download.id))
      expected.set(file, { etag, size });
  }
  return expected;
}

async function check(
  file: string,
  wanted: Expected,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    const found = await stat(file);
    if (!found.isFile()) return 'It is not a file.';
    if (wanted.size !== undefined && found.size !== wanted.size) {
      return `It has ${found.size} bytes instead of ${wanted.size}.`;
    }
    const kind = hashKindOf(wanted.etag);
    if (kind === undefined) return undefined;
    const actual = await hashFile(file, kind, found.size, signal);
    if (actual === wanted.etag) return undefined;
    await distrust(file);
    return 'Its content is not what the hub sent: the hash differs. Download the model again to repair it.';
  } catch (error) {
    if (isStudioError(error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'It is missing.' : `It cannot be read (${code ?? String(error)}).`;
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

const manifest = z.object({
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(
        z.object({
          shape: z.array(z.number().int().nonnegative()),
          dtype: z.string(),
          quantization: z.object({ dtype: z.string() }).optional(),
        }),
      ),
    }),
  ),
});
const bytesPerValue: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  float16: 2,
  uint16: 2,
  uint8: 1,
  bool: 1,
};

/** A tf.js model must have the bytes that its manifest promises, whoever made it. */
async function checkTfjs(root: string): Promise<Problem[]> {
  const files = await listFolder(root);
  if (!files.some((file) => file.path === 'model.json')) return [];
  const text = await readFile(path.join(root, 'model.json'), 'utf8');
  const parsed = manifest.safeParse(parseJson(text));
  // Other programs use this name as well: one without a manifest is not a tf.js model.
  if (!parsed.success) return text.includes('"weightsManifest"') ? [unreadable] : [];
  const problems: Problem[] = [];
  for (const { paths, weights } of parsed.data.weightsManifest) {
    const missing = paths.filter((file) => !files.some((found) => found.path === file));
    problems.push(
      ...missing.map((file) => ({ file, message: 'It is missing: model.json names it as weights.' })),
    );
    const sizes = weights.map(({ shape, dtype, quantization }) => {
      const width = bytesPerValue[quantization?.dtype ?? dtype];
      return width === undefined ? NaN : shape.reduce((product, size) => product * size, width);
    });
    const wanted = sizes.reduce((sum, size) => sum + size, 0);
    const found = files.filter((file) => paths.includes(file.path)).reduce((sum, file) => sum + file.size, 0);
    // Strings have no fixed width: then there is nothing to compare with.
    if (missing.length === 0 && !Number.isNaN(wanted) && wanted !== found) {
      const message = `The weights have ${found} bytes instead of the ${wanted} that model.json describes.`;
      problems.push({ file: paths[0] ?? 'model.json', message });
    }
  }
  return problems;
}

const unreadable: Problem = { file: 'model.json', message: 'Its description of the weights cannot be read.' };

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
