/** Recordings with their texts out of Parquet as the hub ships it, where the sound lies in the rows themselves. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { soundInfo, type SoundInfo } from '../../ml/audio/soundInfo';
import { StudioError } from '../../protocol/wire/errors';
import { say } from '../language/say';
import { faultOf, inMemory } from './audioFiles';
import { breathe } from './breathe';
import { ClipFolder } from './clipFolder';
import type { Overlay } from './data/changes';
import { parquetAudio, ParquetError, ParquetFile, parquetFiles, splitOf, textCell } from './data/parquetFile';
import type { ParquetRow } from './data/parquetFile';
import type { RowFault } from './data/row';
import type { SpeechDataOptions, SpeechRow } from './speechData';

/** A row as it is in its file, whatever a person changed. */
interface Clip {
  /** In the file, from 1. */
  readonly line: number;
  readonly id: string;
  readonly text: string;
  readonly speaker: string;
  readonly sound: SoundInfo | Omit<RowFault, 'line'>;
}

/** The split that is learnt from where a folder holds others too. */
const preferred = 'train';
/** Rows whose facts are kept, so that a config is checked at once when it is typed on. */
const mostRemembered = 300_000;
const remembered = new Map<string, { readonly version: string; readonly clips: readonly Clip[] }>();

/** Rejects with `dataset.unsupported` for a file without sound or texts, `dataset.writeFailed` where a clip cannot be kept. */
export async function* parquetSpeech(
  target: string,
  changes: Overlay,
  options: SpeechDataOptions,
): AsyncGenerator<SpeechRow> {
  const { onFault } = options;
  let before = 0;
  for (const file of await filesOf(target, options)) {
    try {
      const opened = await ParquetFile.open(file);
      for await (const row of rowsOf(opened, changes, options)) {
        if ('code' in row) onFault?.({ ...row, line: before + (row.line ?? 0) });
        else yield { ...row, line: before + row.line };
      }
      before += opened.rows;
    } catch (error) {
      if (!(error instanceof ParquetError)) throw error;
      const message = `${path.basename(file)}: ${error.message}`;
      onFault?.({ line: undefined, code: 'parquet.unreadable', message });
    }
  }
}

/** Those to learn from: of several splits the one for it. */
async function filesOf(target: string, { onFault }: SpeechDataOptions): Promise<string[]> {
  const files = await parquetFiles(target);
  const splits = [...new Set(files.map(splitOf))];
  if (splits.length < 2 || !splits.includes(preferred)) return files;
  const others = splits.filter((split) => split !== preferred).join(', ');
  const message = say`Of the splits of ${path.basename(target)} only ${preferred} is read, without ${others}. To read another one, name its file.`;
  onFault?.({ line: undefined, code: 'parquet.splits', message });
  return files.filter((file) => splitOf(file) === preferred);
}

async function* rowsOf(
  opened: ParquetFile,
  changes: Overlay,
  options: SpeechDataOptions,
): AsyncGenerator<SpeechRow | RowFault> {
  const { clipsPath, speaker, signal } = options;
  const { file } = opened;
  try {
    checkColumns(opened);
    const version = await versionOf(file);
    const known = clipsPath === undefined ? remembered.get(file) : undefined;
    if (known?.version === version) {
      for (const clip of known.clips) {
        signal?.throwIfAborted();
        yield* rowOf(clip, `${file}#${clip.line}`, changes);
      }
      return;
    }
    const folder =
      clipsPath === undefined ? undefined : await ClipFolder.open(clipsPath, `${file}\0${version}`);
    const clips: Clip[] = [];
    for await (const row of opened.read(signal)) {
      // Unpacking takes a while, and others wait for this process.
      await breathe();
      signal?.throwIfAborted();
      const { clip, bytes } = await clipOf(row, opened);
      clips.push(clip);
      const [outcome] = rowOf(clip, `${file}#${clip.line}`, changes);
      if (outcome === undefined) continue;
      if ('code' in outcome || bytes === undefined) yield outcome;
      else if (folder === undefined) yield { ...outcome, sound: bytes };
      else if (speaker !== undefined && outcome.speaker !== speaker) yield outcome;
      else yield { ...outcome, audioPath: await folder.keep(clip.line, outcome.kind, bytes) };
    }
    remember(file, { version, clips });
  } finally {
    await opened.close();
  }
}

function checkColumns({ file, names, columns }: ParquetFile): void {
  const all = names.join(', ');
  const name = path.basename(file);
  const why =
    columns.audio === undefined
      ? say`${name} has no column of sound that is known by its name (audio, path, …). Its columns: ${all}.`
      : columns.text === undefined
        ? say`${name} has no column of texts that is known by its name (sentence, text, transcription, …). Its columns: ${all}. An import from the hub asks which one it is.`
        : undefined;
  if (why !== undefined) throw new StudioError('dataset.unsupported', why, { details: { path: file } });
}

async function versionOf(file: string): Promise<string> {
  const { size, mtimeMs } = await stat(file);
  return `${size} ${mtimeMs}`;
}

function remember(file: string, entry: { readonly version: string; readonly clips: readonly Clip[] }): void {
  remembered.delete(file);
  remembered.set(file, entry);
  let rows = [...remembered.values()].reduce((sum, { clips }) => sum + clips.length, 0);
  for (const [oldest, { clips }] of remembered) {
    if (rows <= mostRemembered) break;
    remembered.delete(oldest);
    rows -= clips.length;
  }
}

async function clipOf(
  { line, cells }: ParquetRow,
  { file, columns }: ParquetFile,
): Promise<{ readonly clip: Clip; readonly bytes: Uint8Array | undefined }> {
  const cell = (name: string | undefined): unknown => (name === undefined ? undefined : cells.get(name));
  const { bytes, name = '' } = parquetAudio(cell(columns.audio));
  // As the grid names rows, so that what is changed there is found here.
  const id = name === '' ? `${splitOf(file)}-${line}` : name;
  const text = (textCell(cell(columns.text)) ?? '').trim();
  const clip = { line, id, text, speaker: textCell(cell(columns.speaker)) ?? '' };
  if (bytes === undefined)
    return {
      clip: { ...clip, sound: { code: 'audio.missing', message: say`${id} has no sound in it.` } },
      bytes,
    };
  const sound = await soundInfo(inMemory(bytes)).catch((error: unknown) => ({
    code: 'audio.unreadable',
    message: `${id}: ${faultOf(error)}`,
  }));
  return { clip: { ...clip, sound }, bytes };
}

/** Nothing for a row that a person rejected. */
function rowOf(
  { line, id, text, speaker, sound }: Clip,
  audioPath: string,
  changes: Overlay,
): (SpeechRow | RowFault)[] {
  const { text: edited, verdict } = changes.isEmpty ? {} : changes.of({ id });
  if (verdict === 'rejected') return [];
  const said = edited?.trim() ?? text;
  if (said === '') return [{ line, code: 'text.empty', message: say`${id} has no text.` }];
  if ('code' in sound) return [{ line, ...sound }];
  const { seconds: durationSeconds, sampleRate, kind } = sound;
  const named = speaker === '' ? {} : { speaker };
  return [{ id, audioPath, text: said, ...named, durationSeconds, sampleRate, kind, line }];
}
