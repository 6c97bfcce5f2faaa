import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parquetAudio, ParquetFile } from '../sdk/data/parquetFile';
import { hash } from './hash';
import type { IndexedRow } from './indexedRow';

/** Clips that are kept to be played again. */
const kept = 200;

/** Takes the sound of a row out of its Parquet file into a file of its own; undefined when it has none. */
export async function embeddedClip(
  row: IndexedRow,
  folder: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { file, number } = row;
  if (number === undefined || row.embedded !== true) return undefined;
  const { mtimeMs } = await stat(file);
  const clip = path.join(folder, `${hash(`${file} ${mtimeMs} ${number}`).toString(36)}${endingOf(row.kind)}`);
  const there = await stat(clip).catch(() => undefined);
  if (there !== undefined) return clip;
  await mkdir(folder, { recursive: true });
  await makeRoom(folder);
  const opened = await ParquetFile.open(file);
  const { columns } = opened;
  for await (const { cells } of opened.read(signal, number - 1, number)) {
    const { bytes } = parquetAudio(columns.audio === undefined ? undefined : cells.get(columns.audio));
    if (bytes === undefined) return undefined;
    await writeFile(clip, bytes);
    return clip;
  }
  return undefined;
}

function endingOf(kind: IndexedRow['kind']): string {
  if (kind === undefined) return '.bin';
  return kind === 'opus' ? '.ogg' : `.${kind}`;
}

async function makeRoom(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.length < kept) return;
  await Promise.all(names.map((name) => rm(path.join(folder, name), { force: true })));
}
