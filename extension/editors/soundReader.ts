/** Serves a page parts of the sound files that it shows, so that nobody holds a recording of hours whole. */
import { open, type FileHandle } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { panelReadParts } from '../../protocol/api/panel';
import { StudioError } from '../../protocol/wire/errors';
import type { Params, Result } from '../../protocol/wire/spec';

/** A page asks for a piece of what it draws or plays; more at once is a mistake. */
const mostBytes = 32_000_000;

type Answer = Promise<Result<typeof panelReadParts>>;

export async function readParts(
  files: readonly vscode.Uri[],
  { file, parts }: Params<typeof panelReadParts>,
): Answer {
  const uri = files[file];
  if (uri === undefined) throw new StudioError('internal', `The page has no file ${file}.`);
  const total = parts.reduce((sum, { length }) => sum + length, 0);
  if (total > mostBytes)
    throw new StudioError('internal', `${total} bytes were asked for; ${mostBytes} may be at once.`);
  const bytes = new Uint8Array(total);
  try {
    await (uri.scheme === 'file' ? fromDisk(uri, parts, bytes) : fromElsewhere(uri, parts, bytes));
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError('dataset.notFound', `${uri.fsPath} cannot be read: ${reason}`, {
      cause,
      retryable: true,
      details: { path: uri.fsPath },
    });
  }
  return { bytes };
}

type Parts = Params<typeof panelReadParts>['parts'];

async function fromDisk(uri: vscode.Uri, parts: Parts, bytes: Uint8Array): Promise<void> {
  const handle = await open(uri.fsPath, 'r');
  try {
    let at = 0;
    for (const { offset, length } of parts) {
      await fill(handle, uri, bytes.subarray(at, at + length), offset);
      at += length;
    }
  } finally {
    await handle.close();
  }
}

async function fill(handle: FileHandle, uri: vscode.Uri, target: Uint8Array, offset: number): Promise<void> {
  let done = 0;
  while (done < target.length) {
    const { bytesRead } = await handle.read(target, done, target.length - done, offset + done);
    if (bytesRead === 0) throw cutShort(uri);
    done += bytesRead;
  }
}

/** What VS Code's other file systems give is whole files: the last one is kept for the page's next question. */
let last: { readonly key: string; readonly bytes: Promise<Uint8Array> } | undefined;

async function fromElsewhere(uri: vscode.Uri, parts: Parts, bytes: Uint8Array): Promise<void> {
  const { mtime, size } = await vscode.workspace.fs.stat(uri);
  const key = `${uri.toString()} ${mtime} ${size}`;
  if (last?.key !== key) last = { key, bytes: Promise.resolve(vscode.workspace.fs.readFile(uri)) };
  const whole = await last.bytes;
  let at = 0;
  for (const { offset, length } of parts) {
    if (offset + length > whole.length) throw cutShort(uri);
    bytes.set(whole.subarray(offset, offset + length), at);
    at += length;
  }
}

function cutShort(uri: vscode.Uri): StudioError {
  return new StudioError(
    'dataset.notFound',
    `${uri.fsPath} is shorter than it was: it is being written anew, or was cut short.`,
    { retryable: true, details: { path: uri.fsPath } },
  );
}
