/** Clips with labels: a folder for each label, or a table with a column of files and one of labels. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { say } from '../language/say';
import { isAudio, isDecoded } from './audioFiles';
import { detectDelimiter, readTable } from './table';

export interface LabelledClip {
  /** Absolute. */
  readonly file: string;
  readonly label: string;
  /** Line of the table that names it. */
  readonly line?: number;
}

export interface LabelledClips {
  readonly clips: readonly LabelledClip[];
  /** In code point order: the same on every machine. */
  readonly labels: readonly string[];
  /** Label folders without a recording that is decoded here. */
  readonly emptyFolders: readonly string[];
  /** Sound in formats that are not decoded here (m4a, wma), left out. Absolute. */
  readonly otherAudio: readonly string[];
  /** Recordings beside the label folders: they belong to none. Absolute. */
  readonly stray: readonly string[];
}

export const byCodePoint = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const hidden = (name: string): boolean => name.startsWith('.') || name.startsWith('__MACOSX');

/** Absolute paths of all files below a folder, hidden ones left out. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const visible = entries.filter((entry) => !hidden(entry.name)).sort((a, b) => byCodePoint(a.name, b.name));
  const files: string[] = [];
  for (const entry of visible) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await filesBelow(full)));
    else files.push(full);
  }
  return files;
}

/** Every folder in `root` is a label, in the Unicode form that does not depend on the file system. */
export async function clipsInFolders(root: string, signal?: AbortSignal): Promise<LabelledClips> {
  const entries = (await readdir(root, { withFileTypes: true })).filter((entry) => !hidden(entry.name));
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const clips: LabelledClip[] = [];
  const emptyFolders: string[] = [];
  const otherAudio: string[] = [];
  for (const folder of folders.sort(byCodePoint)) {
    signal?.throwIfAborted();
    const files = await filesBelow(path.join(root, folder));
    const decoded = files.filter(isDecoded);
    if (decoded.length === 0) emptyFolders.push(folder);
    otherAudio.push(...files.filter((file) => isAudio(file) && !isDecoded(file)));
    clips.push(...decoded.map((file) => ({ file, label: folder.normalize('NFC') })));
  }
  const stray = entries.filter((entry) => !entry.isDirectory() && isDecoded(entry.name));
  return {
    clips,
    labels: labelsOf(clips),
    emptyFolders,
    otherAudio,
    stray: stray.map((entry) => path.join(root, entry.name)),
  };
}

export function labelsOf(clips: readonly LabelledClip[]): string[] {
  return [...new Set(clips.map((clip) => clip.label))].sort(byCodePoint);
}

export interface TableColumns {
  readonly audio: string;
  readonly label: string;
}

export interface TabledClips {
  readonly clips: readonly LabelledClip[];
  readonly faults: readonly { readonly line: number; readonly message: string }[];
  /** Columns asked for that the header does not have. */
  readonly missing: readonly (keyof TableColumns)[];
  readonly header: readonly string[];
}

/** Paths of a table are relative to it and stay below its folder: a table from elsewhere must not open other files. */
export function resolveBelow(folder: string, relative: string): string | undefined {
  // Written on Windows, read anywhere.
  const target = path.resolve(folder, relative.replaceAll('\\', '/'));
  const inside = path.relative(folder, target);
  const leaves =
    inside === '' || inside === '..' || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside);
  return leaves || relative.includes('\0') ? undefined : target;
}

/** Rejects with `TableError` when the file is no table. */
export async function clipsInTable(
  file: string,
  columns: TableColumns,
  signal?: AbortSignal,
): Promise<TabledClips> {
  const clips: LabelledClip[] = [];
  const faults: { line: number; message: string }[] = [];
  let header: string[] | undefined;
  let [audioAt, labelAt] = [-1, -1];
  const delimiter = await detectDelimiter(file);
  for await (const { line, cells } of readTable(file, { delimiter, ...(signal && { signal }) })) {
    if (header === undefined) {
      header = cells.map((cell) => cell.trim());
      [audioAt, labelAt] = [header.indexOf(columns.audio), header.indexOf(columns.label)];
      if (audioAt < 0 || labelAt < 0) break;
      continue;
    }
    const name = cells[audioAt]?.trim() ?? '';
    const label = cells[labelAt]?.trim().normalize('NFC') ?? '';
    const target = name === '' ? undefined : resolveBelow(path.dirname(file), name);
    if (name === '') faults.push({ line, message: say`The "${columns.audio}" cell is empty.` });
    else if (label === '') faults.push({ line, message: say`The "${columns.label}" cell is empty.` });
    else if (target === undefined) {
      faults.push({ line, message: say`${name} lies outside the table's folder; use a path below it.` });
    } else clips.push({ file: target, label, line });
  }
  const missing = (['audio', 'label'] as const).filter((key) => !(header ?? []).includes(columns[key]));
  return { clips, faults, missing, header: header ?? [] };
}
