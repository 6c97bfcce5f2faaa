import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DatasetFormat } from '../../protocol/model/dataset';
import { StudioError } from '../../protocol/wire/errors';
import { isAudio } from '../sdk/audioFiles';
import { metadataName, wavsName } from './ljspeech';

export interface Detected {
  readonly format: DatasetFormat;
  /** The folder or file that the format begins at. */
  readonly path: string;
}

const supported =
  'a folder with one folder of wav files for each label, a CSV, TSV or JSONL file, or an LJSpeech folder ' +
  `(${metadataName} beside ${wavsName}/)`;
const byExtension: Readonly<Record<string, DatasetFormat>> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
};

function unsupported(target: string, why: string): StudioError {
  return new StudioError('dataset.unsupported', `${target} ${why}. Goya reads ${supported}.`, {
    details: { path: target },
  });
}

/** Whether the path can be looked at, and as what. Rejects with `dataset.notFound`. */
export async function statTarget(target: string): Promise<'file' | 'folder'> {
  try {
    return (await stat(target)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === 'ENOENT' || code === 'ENOTDIR' ? 'does not exist' : `cannot be opened (${String(code)})`;
    throw new StudioError('dataset.notFound', `${target} ${why}. Check the path and its permissions.`, {
      details: { path: target },
      cause: error,
    });
  }
}

async function holdsAudio(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.some((entry) => entry.isFile() && isAudio(entry.name));
}

async function detectFolder(folder: string): Promise<Detected> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = new Set(entries.map((entry) => entry.name));
  if (names.has(metadataName) && names.has(wavsName)) return { format: 'ljspeech', path: folder };
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  for (const { name } of folders) {
    if (await holdsAudio(path.join(folder, name))) return { format: 'folder-per-label', path: folder };
  }
  const tables = [...names].filter((name) => byExtension[path.extname(name).toLowerCase()] !== undefined);
  const [table] = tables;
  if (table !== undefined && tables.length === 1) return detectFile(path.join(folder, table));
  if (tables.length > 1)
    throw unsupported(folder, `holds several tables (${tables.slice(0, 4).join(', ')}); choose one`);
  throw unsupported(folder, entries.length === 0 ? 'is an empty folder' : 'holds no data set that is known');
}

async function detectFile(file: string): Promise<Detected> {
  const folder = path.dirname(file);
  if (path.basename(file) === metadataName) {
    const beside = await readdir(folder);
    if (beside.includes(wavsName)) return { format: 'ljspeech', path: folder };
  }
  const format = byExtension[path.extname(file).toLowerCase()];
  if (format === undefined) throw unsupported(file, 'is not a file of a known format');
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
      throw unsupported(target, `has no ${metadataName}, which LJSpeech needs`);
  }
  const wanted = format === 'folder-per-label' || format === 'ljspeech' ? 'folder' : 'file';
  if (kind !== wanted) throw unsupported(target, `is a ${kind}, but ${format} is a ${wanted}`);
  return { format, path: target };
}
