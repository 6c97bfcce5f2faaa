/** Where the rows and the recordings of a data set of speech lie, by its format. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { DatasetFormat } from '../../../protocol/model/dataset';
import { resolveBelow } from '../labelledAudio';

export const metadataName = 'metadata.csv';
export const wavsName = 'wavs';
export const clipsName = 'clips';
/** The tables of a Common Voice release, the one to look at first. */
export const commonVoiceTables = ['validated', 'train', 'dev', 'test', 'other', 'invalidated'] as const;

export interface DataSource {
  readonly format: DatasetFormat;
  /** Where the data set begins, as it is listed: a file or a folder. Absolute. */
  readonly path: string;
  /** The file with the rows; undefined where folders or Parquet files are the rows. */
  readonly table: string | undefined;
  /** What the names of recordings start from; they may not lead out of it. */
  readonly audioFolder: string;
}

/** A format and where it begins, as `detectFormat` answers them. */
export async function sourceOf(format: DatasetFormat, target: string): Promise<DataSource> {
  const source = (table: string | undefined, audioFolder: string): DataSource => ({
    format,
    path: target,
    table,
    audioFolder,
  });
  switch (format) {
    case 'ljspeech':
      return source(path.join(target, metadataName), path.join(target, wavsName));
    case 'common-voice': {
      const table = await commonVoiceTable(target);
      return source(table, path.join(path.dirname(table), clipsName));
    }
    case 'csv':
    case 'tsv':
    case 'jsonl':
      return source(target, path.dirname(target));
    case 'folder-per-label':
    case 'parquet':
      return source(undefined, target);
  }
}

/** A release's folder stands for its validated rows; a table of it for itself. */
async function commonVoiceTable(target: string): Promise<string> {
  if (path.extname(target).toLowerCase() === '.tsv') return target;
  const names = new Set(await readdir(target));
  const name = commonVoiceTables.find((one) => names.has(`${one}.tsv`)) ?? commonVoiceTables[0];
  return path.join(target, `${name}.tsv`);
}

/** The file of a recording as a row names it; undefined when the name leads out of the data set's folder. */
export function audioPathOf(source: DataSource, name: string): string | undefined {
  const { format, audioFolder } = source;
  if (format === 'ljspeech') return resolveBelow(audioFolder, /\.wav$/i.test(name) ? name : `${name}.wav`);
  // The first releases left the extension out.
  if (format === 'common-voice') return resolveBelow(audioFolder, path.extname(name) ? name : `${name}.mp3`);
  return resolveBelow(audioFolder, name.trim());
}
