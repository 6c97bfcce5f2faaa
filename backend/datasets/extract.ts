/** Sound and texts out of a Parquet file into plain files, a row at a time: what is there after a stop is gone on from. */
import { mkdir, open, readFile, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { soundInfo } from '../../ml/audio/soundInfo';
import { StudioError } from '../../protocol/wire/errors';
import { say } from '../language/say';
import type { RowColumns } from '../sdk/data/columnNames';
import { parquetAudio, ParquetFile, splitOf, textCell, type ParquetRow } from '../sdk/data/parquetFile';
import { writeFailed } from './writeBack';

export interface ExtractRequest {
  /** The Parquet file. */
  readonly file: string;
  /** Its name in the repository: what is done of it is known by that. */
  readonly name: string;
  /** The folder of the data set; `audio/` and the table lie below it. */
  readonly target: string;
  readonly speaker?: string | undefined;
  /** Rows of the whole data set; no more are taken out. */
  readonly limit?: number | undefined;
  readonly audioColumn?: string | undefined;
  /** Empty: there is none. */
  readonly textColumn?: string | undefined;
  readonly speakerColumn?: string | undefined;
}

export const tableName = 'rows.csv';
const audioName = 'audio';
const header = 'file,text,speaker,split\n';
const partialName = `${tableName}.partial`;

const state = z.object({
  /** Files that are taken out whole. */
  done: z.array(z.string()),
  rows: z.number(),
  /** Bytes of the table that belong to them. */
  bytes: z.number(),
});
export type ExtractState = z.infer<typeof state>;

const statePath = (target: string): string => path.join(target, '.goya', 'import.json');

export async function extractState(target: string): Promise<ExtractState> {
  try {
    return state.parse(JSON.parse(await readFile(statePath(target), 'utf8')));
  } catch {
    return { done: [], rows: 0, bytes: 0 };
  }
}

/** Answers the state behind this file. Rows without sound are left out. */
export async function extractParquet(
  request: ExtractRequest,
  signal: AbortSignal,
  onRow: (rows: number) => void,
): Promise<ExtractState> {
  const { file, name, target } = request;
  const before = await extractState(target);
  if (before.done.includes(name)) return before;
  try {
    await mkdir(path.join(target, audioName), { recursive: true });
    await mkdir(path.dirname(statePath(target)), { recursive: true });
    const table = await open(path.join(target, partialName), 'a+');
    let rows = before.rows;
    try {
      // What a stop left of this file comes again.
      await table.truncate(before.bytes);
      if (before.bytes === 0) await table.write(header);
      rows = await takeOutAll(await ParquetFile.open(file), table, request, rows, signal, onRow);
      await table.sync();
    } finally {
      await table.close();
    }
    const { size } = await stat(path.join(target, partialName));
    const after = { done: [...before.done, name], rows, bytes: size };
    await writeAside(statePath(target), JSON.stringify(after));
    return after;
  } catch (error) {
    signal.throwIfAborted();
    throw writeFailed(error, target);
  }
}

/** Answers the rows that the data set then has; closes the file. */
async function takeOutAll(
  opened: ParquetFile,
  table: FileHandle,
  request: ExtractRequest,
  before: number,
  signal: AbortSignal,
  onRow: (rows: number) => void,
): Promise<number> {
  const { name, target, speaker, limit = Infinity } = request;
  let rows = before;
  try {
    const columns = chosenColumns(opened, request);
    for await (const row of opened.read(signal)) {
      if (rows >= limit) break;
      if (speaker !== undefined && textCell(cell(row, columns.speaker)) !== speaker) continue;
      const line = await takeOut(row, columns, name, target);
      if (line === undefined) continue;
      await table.write(line);
      onRow(++rows);
    }
    return rows;
  } finally {
    await opened.close();
  }
}

type SoundColumns = Pick<RowColumns, 'audio' | 'text' | 'speaker'>;

/** Throws `dataset.unsupported` with the columns there are when one that is needed cannot be told. */
function chosenColumns({ columns, names }: ParquetFile, request: ExtractRequest): SoundColumns {
  const { audioColumn, textColumn, speakerColumn, name: file } = request;
  const ask = (asks: string, what: string): StudioError =>
    new StudioError('dataset.unsupported', what, { details: { asks, columns: names } });
  const all = names.join(', ');
  for (const [asks, given] of Object.entries({ audioColumn, textColumn, speakerColumn }))
    if (given !== undefined && given !== '' && !names.includes(given))
      throw ask(asks, say`${file} has no column "${given}". Its columns: ${all}.`);
  const audio = audioColumn ?? columns.audio;
  if (audio === undefined)
    throw ask('audioColumn', say`Which column of ${file} has the sound cannot be told. Its columns: ${all}.`);
  const text = textColumn ?? columns.text;
  // Sound alone is a data set too; a text under a strange name must not be lost in silence.
  const others = names.filter((name) => !Object.values({ ...columns, audio }).includes(name));
  if (text === undefined && others.length > 0)
    throw ask('textColumn', say`Which column of ${file} has the texts cannot be told. Its columns: ${all}.`);
  return { audio, text: text === '' ? undefined : text, speaker: speakerColumn ?? columns.speaker };
}

/** Gives the finished table its name. */
export async function finishExtract(target: string): Promise<string> {
  const table = path.join(target, tableName);
  await rename(path.join(target, partialName), table);
  await rm(statePath(target), { force: true });
  return table;
}

async function takeOut(
  row: ParquetRow,
  columns: SoundColumns,
  name: string,
  target: string,
): Promise<string | undefined> {
  const { bytes } = parquetAudio(cell(row, columns.audio));
  if (bytes === undefined) return undefined;
  // By the place in the repository, so that the same row has the same name each time, and no name is the repository's.
  const stem = name.replaceAll(/[^A-Za-z0-9]+/g, '-').replace(/-parquet$/, '');
  const file = `${audioName}/${stem}-${String(row.line).padStart(6, '0')}${await endingOf(bytes)}`;
  await writeFile(path.join(target, file), bytes);
  const text = textCell(cell(row, columns.text)) ?? '';
  const speaker = textCell(cell(row, columns.speaker)) ?? '';
  return `${[file, text, speaker, splitOf(name)].map(quoted).join(',')}\n`;
}

function cell({ cells }: ParquetRow, column: string | undefined): unknown {
  return column === undefined ? undefined : cells.get(column);
}

/** By what the sound begins with: names in the data may say anything. */
async function endingOf(bytes: Uint8Array): Promise<string> {
  const reader = {
    size: bytes.byteLength,
    read: (offset: number, length: number) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
  const kind = await soundInfo(reader).then(
    (info) => info.kind,
    () => undefined,
  );
  return kind === undefined ? '.bin' : kind === 'opus' ? '.ogg' : `.${kind}`;
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

async function writeAside(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}
