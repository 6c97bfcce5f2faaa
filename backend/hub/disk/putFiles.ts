/**
 * Writes whole small files, many at a time. Each is durable before it has its name; that the disk is asked for all of
 * them at once is what makes it quick: it settles a group in little more time than one.
 */
import { closeSync, fsync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { PutAnswer, PutRequest, WholeFile } from './messages';

const settle = promisify(fsync);

/** A file whose bytes the system has; `handle` is undefined where it would not take them. */
export interface Written extends PutRequest {
  readonly handle: number | undefined;
}

/** Waits for the system without a promise for each step: only for a thread that has nothing else to do. */
export function writeFile({ id, file }: PutRequest): Written {
  return { id, file, handle: write(file) };
}

/** Makes them durable and gives them their names. */
export function settleFiles(group: readonly Written[]): Promise<PutAnswer[]> {
  return Promise.all(
    group.map(async ({ id, file, handle }) => {
      if (handle === undefined) return { id, outcome: 'failed', noted: false };
      return { id, ...(await name(file, handle)) };
    }),
  );
}

/** Undefined when it cannot be written: the reason is found by whoever tries next. */
function write({ partial, content }: WholeFile): number | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(partial, 'wx');
    writeAll(handle, content);
    return handle;
  } catch {
    if (handle !== undefined) giveUp(handle, partial);
    return undefined;
  }
}

function writeAll(handle: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
}

async function name(file: WholeFile, handle: number): Promise<Pick<PutAnswer, 'outcome' | 'noted'>> {
  try {
    await settle(handle);
  } catch {
    giveUp(handle, file.partial);
    return { outcome: 'failed', noted: false };
  }
  try {
    closeSync(handle);
    renameSync(file.partial, file.destination);
  } catch {
    rmSync(file.partial, { force: true });
    return { outcome: 'failed', noted: false };
  }
  return { outcome: 'named', noted: note(file) };
}

function note({ note }: WholeFile): boolean {
  if (note === undefined) return false;
  try {
    writeFileSync(note.path, note.text);
    return true;
  } catch {
    return false;
  }
}

function giveUp(handle: number, partial: string): void {
  closeSync(handle);
  rmSync(partial, { force: true });
}
