/** Which format a file or folder holds, found out from its names. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DatasetFormat } from '../../../protocol/model/dataset';
import { StudioError } from '../../../protocol/wire/errors';
import { say } from '../../language/say';
import { isAudio } from '../audioFiles';
import { isParquet, parquetFiles } from './parquetFile';
import { clipsName, commonVoiceTables, metadataName, wavsName } from './source';

export interface Detected {
  readonly format: DatasetFormat;
  /** The folder or file that the format begins at. */
  readonly path: string;
}

const byExtension: Readonly<Record<string, DatasetFormat>> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.parquet': 'parquet',
};
const folderFormats: readonly DatasetFormat[] = ['folder-per-label', 'ljspeech'];
const eitherFormats: readonly DatasetFormat[] = ['common-voice', 'parquet'];

/** As a sentence of its own. */
const supported = (): string =>
  say`Goya reads a folder with one folder of recordings for each label, a CSV, TSV, JSONL or Parquet file, a folder of Common Voice (TSV files beside ${clipsName}/) or of LJSpeech (${metadataName} beside ${wavsName}/).`;

function unsupported(target: string, why: string): StudioError {
  return new StudioError('dataset.unsupported', `${why} ${supported()}`, { details: { path: target } });
}

const extensionOf = (name: string): string => path.extname(name).toLowerCase();

/** Whether the path can be looked at, and as what. Rejects with `dataset.notFound`. */
export async function statTarget(target: string): Promise<'file' | 'folder'> {
  try {
    return (await stat(target)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === 'ENOENT' || code === 'ENOTDIR'
        ? say`${target} does not exist. Check the path and its permissions.`
        : say`${target} cannot be opened (${String(code)}). Check the path and its permissions.`;
    throw new StudioError('dataset.notFound', why, { details: { path: target }, cause: error });
  }
}

async function holdsAudio(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.some((entry) => entry.isFile() && isAudio(entry.name));
}

/** As the hub ships them: beside the card, in `data/`, or in a folder for each configuration. */
async function holdsParquet(folder: string): Promise<boolean> {
  return (await parquetFiles(folder).catch(() => [])).length > 0;
}

const isCommonVoice = (names: ReadonlySet<string>): boolean =>
  names.has(clipsName) && commonVoiceTables.some((table) => names.has(`${table}.tsv`));

async function detectFolder(folder: string): Promise<Detected> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = new Set(entries.map((entry) => entry.name));
  if (names.has(metadataName) && names.has(wavsName)) return { format: 'ljspeech', path: folder };
  if (isCommonVoice(names)) return { format: 'common-voice', path: folder };
  const [table, ...others] = [...names].filter(
    (name) => byExtension[extensionOf(name)] !== undefined && !isParquet(name),
  );
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  // A table beside one folder of sound names its files; without one the folders are the labels.
  if (table === undefined || folders.length > 1) {
    for (const { name } of folders) {
      if (await holdsAudio(path.join(folder, name))) return { format: 'folder-per-label', path: folder };
    }
  }
  if (table === undefined && (await holdsParquet(folder))) return { format: 'parquet', path: folder };
  if (table !== undefined && others.length === 0) return detectFile(path.join(folder, table));
  if (table !== undefined) {
    const list = [table, ...others].slice(0, 4).join(', ');
    throw unsupported(folder, say`${folder} holds several tables (${list}); choose one.`);
  }
  throw unsupported(
    folder,
    entries.length === 0
      ? say`${folder} is an empty folder.`
      : say`${folder} holds no data set that is known.`,
  );
}

async function detectFile(file: string): Promise<Detected> {
  const folder = path.dirname(file);
  const name = path.basename(file);
  const beside = new Set(await readdir(folder));
  if (name === metadataName && beside.has(wavsName)) return { format: 'ljspeech', path: folder };
  if (extensionOf(name) === '.tsv' && beside.has(clipsName)) return { format: 'common-voice', path: file };
  const format = byExtension[extensionOf(name)];
  if (format === undefined) throw unsupported(file, say`${file} is not a file of a known format.`);
  return { format, path: file };
}

/** Rejects with `dataset.notFound` or `dataset.unsupported`. */
export async function detectFormat(target: string): Promise<Detected> {
  return (await statTarget(target)) === 'folder' ? detectFolder(target) : detectFile(target);
}

/** A format that the caller insists on, where the path can hold it at all. */
export async function insistOn(format: DatasetFormat, target: string): Promise<Detected> {
  const kind = await statTarget(target);
  if (format === 'ljspeech' && kind === 'file') return insistOn(format, path.dirname(target));
  if (format === 'ljspeech') {
    const names = await readdir(target);
    if (!names.includes(metadataName))
      throw unsupported(target, say`${target} has no ${metadataName}, which LJSpeech needs.`);
  }
  if (eitherFormats.includes(format)) return { format, path: target };
  if (folderFormats.includes(format) && kind === 'file')
    throw unsupported(target, say`${target} is a file, but ${format} is a folder.`);
  if (!folderFormats.includes(format) && kind === 'folder')
    throw unsupported(target, say`${target} is a folder, but ${format} is a file.`);
  return { format, path: target };
}
