/** Writes a changed table: aside first, the old one kept, the new one in its place in one step. */
import { constants } from 'node:fs';
import { copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../../protocol/wire/errors';
import { say } from '../language/say';
import { sidecarName } from '../sdk/data/changes';
import type { DataSource } from '../sdk/data/source';
import { rewritten, type Rewrite } from './rewrite';

export interface Stamp {
  readonly size: number;
  readonly mtimeMs: number;
}

export interface Written {
  readonly changedRows: number;
  readonly removedRows: number;
}

export async function stampOf(file: string): Promise<Stamp> {
  const { size, mtimeMs } = await stat(file);
  return { size, mtimeMs };
}

const pieceLength = 1 << 20;

/** Writes what the table would be to `target`, whole or not at all. */
export async function writeChanged(
  source: DataSource,
  table: string,
  target: string,
  rewrite: Rewrite,
  signal: AbortSignal,
): Promise<Written> {
  let [changedRows, removedRows] = [0, 0];
  try {
    await mkdir(path.dirname(target), { recursive: true });
    const handle = await open(target, 'w');
    try {
      let [piece, bytes, first] = ['', 0, true];
      const endsInBreak = await endsInLineBreak(table);
      const flush = async (): Promise<void> => {
        await handle.write(piece);
        piece = '';
      };
      const add = (raw: string): void => {
        piece += first ? raw : `\n${raw}`;
        first = false;
      };
      for await (const { raw, change } of rewritten(source, rewrite, signal)) {
        bytes += Buffer.byteLength(raw) + 1;
        if (change === undefined) add(raw);
        else if (change.after === undefined) removedRows++;
        else {
          if (change.after !== change.before) changedRows++;
          add(change.after);
        }
        if (piece.length > pieceLength) await flush();
      }
      if (endsInBreak && !first) piece += '\n';
      await flush();
      await handle.sync();
      const { size } = await stat(table);
      if (bytes - (endsInBreak ? 0 : 1) !== size) throw notUtf8(table);
    } finally {
      await handle.close();
    }
    return { changedRows, removedRows };
  } catch (error) {
    await rm(target, { force: true });
    signal.throwIfAborted();
    throw writeFailed(error, target);
  }
}

/** Puts the changed table in the place of the old one. Answers where the old one is kept. */
export async function replaceTable(
  source: DataSource,
  table: string,
  stamp: Stamp,
  rewrite: Rewrite,
  signal: AbortSignal,
): Promise<Written & { readonly backup: string }> {
  await holdTo(table, stamp);
  const aside = `${table}.goya-${process.pid}`;
  const written = await writeChanged(source, table, aside, rewrite, signal);
  try {
    await holdTo(table, stamp);
    const backup = await backUp(table);
    await rename(aside, table);
    return { ...written, backup };
  } catch (error) {
    await rm(aside, { force: true });
    throw writeFailed(error, table);
  }
}

/** A copy in `.goya/backup/`, named after the time. */
export async function backUp(file: string): Promise<string> {
  const folder = path.join(path.dirname(file), sidecarName, 'backup');
  await mkdir(folder, { recursive: true });
  const time = new Date().toISOString().replaceAll(':', '-');
  const backup = path.join(folder, `${time} ${path.basename(file)}`);
  await copyFile(file, backup, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  return backup;
}

export async function holdTo(table: string, stamp: Stamp): Promise<void> {
  const now = await stampOf(table);
  if (now.size === stamp.size && now.mtimeMs === stamp.mtimeMs) return;
  const message = say`${table} has been changed by another program since it was read. Look at it again, then write.`;
  throw new StudioError('dataset.changed', message, { retryable: true, details: { path: table } });
}

async function endsInLineBreak(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size === 0) return false;
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] === 0x0a;
  } finally {
    await handle.close();
  }
}

function notUtf8(file: string): StudioError {
  const message = say`${file} is not UTF-8 throughout, so it is not written: save it as UTF-8 first.`;
  return new StudioError('dataset.writeFailed', message, { details: { path: file } });
}

export function writeFailed(error: unknown, file: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof StudioError || typeof code !== 'string') return error;
  const message =
    code === 'ENOSPC'
      ? say`The disk is full: ${file} was not written, and nothing was changed.`
      : say`${file} cannot be written (${code}); nothing was changed. Check its permissions.`;
  return new StudioError('dataset.writeFailed', message, {
    retryable: true,
    details: { path: file },
    cause: error,
  });
}
