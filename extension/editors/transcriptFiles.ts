/** Looks for what is said in a recording, in the files beside it. The page reads them: it knows how long it lasts. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { TranscriptFile } from '../../protocol/api/panel';

const extensions = ['json', 'vtt', 'srt', 'lab', 'txt'];
const mostBytes = 20_000_000;

/** The first that is there, in the order above; then the row of a `metadata.csv` in the folder or the one above it. */
export async function transcriptOf(sound: vscode.Uri): Promise<TranscriptFile | undefined> {
  const folder = vscode.Uri.joinPath(sound, '..');
  const stem = path.posix.parse(sound.path).name;
  for (const extension of extensions) {
    const name = `${stem}.${extension}`;
    const text = await readText(vscode.Uri.joinPath(folder, name));
    if (text !== undefined) return { name, text };
  }
  for (const place of [folder, vscode.Uri.joinPath(folder, '..')]) {
    const text = await readText(vscode.Uri.joinPath(place, 'metadata.csv'));
    const rows = text === undefined ? [] : rowsOf(text, stem);
    if (rows.length > 0) return { name: 'metadata.csv', text: rows.join('\n'), row: stem };
  }
  return undefined;
}

/** The header, and the lines that name the recording: a table of a hundred thousand is not sent to the page. */
function rowsOf(table: string, stem: string): string[] {
  const [header = '', ...rest] = table.replace(/^\ufeff/, '').split(/\r?\n/);
  const found = rest.filter((line) => line.includes(stem));
  return found.length > 0 || header.includes(stem) ? [header, ...found] : [];
}

async function readText(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > mostBytes) return undefined;
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return undefined; // There is none.
  }
}
