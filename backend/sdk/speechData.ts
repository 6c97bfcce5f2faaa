/**
 * Recordings with what is spoken in them, from every layout that data sets of speech come in: for the tasks that learn
 * to speak and to recognise speech.
 */
import path from 'node:path';
import { StudioError } from '../../protocol/wire/errors';
import type { SoundKind } from '../../ml/audio/soundInfo';
import type { DatasetFormat } from '../../protocol/model/dataset';
import { say } from '../language/say';
import { readSoundHeader } from './audioFiles';
import { ChangeLog, changesPath, Overlay, type RowChange } from './data/changes';
import { detectFormat, insistOn } from './data/detect';
import { readRows } from './data/readRows';
import type { DataRow, RowFault } from './data/row';
import { sourceOf, type DataSource } from './data/source';
import { mapParallel } from './parallel';
import { parquetSpeech } from './parquetSpeech';

export interface SpeechRow {
  /** The recording's name, without its extension. */
  readonly id: string;
  /** Absolute; the file is there and its header can be read. Of a row of Parquet whose sound was not kept: its file, `#` and its number. */
  readonly audioPath: string;
  /** The sound of such a row, as it is in there, where it was just read. */
  readonly sound?: Uint8Array;
  /** What is spoken, never empty; not normalised. */
  readonly text: string;
  readonly speaker?: string;
  readonly durationSeconds: number;
  /** Hz, as recorded. */
  readonly sampleRate: number;
  readonly kind: SoundKind;
  /** Of the table, from 1. */
  readonly line: number;
}

export interface SpeechDataOptions {
  /** Found out when left out. */
  readonly format?: DatasetFormat | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Where the sound of Parquet is put into files; without it only its headers are read. */
  readonly clipsPath?: string | undefined;
  /** Whose rows alone are put there; the rows of all are given. */
  readonly speaker?: string | undefined;
  /** Told of every row that is left out, and why. */
  onFault?(fault: RowFault): void;
}

/** Formats whose rows pair a recording with a text. */
export const speechFormats = ['ljspeech', 'common-voice', 'csv', 'tsv', 'jsonl', 'parquet'] as const;

const atOnce = 32;

/**
 * The usable rows in the table's order, with what a person changed in the grid and without what they rejected there. Rejects with `dataset.notFound` or `dataset.unsupported` when `target` (absolute:
 * a folder or a table) is no data set of speech.
 */
export async function* readSpeechData(
  target: string,
  options: SpeechDataOptions = {},
): AsyncGenerator<SpeechRow> {
  const { format, signal } = options;
  const found = format === undefined ? await detectFormat(target) : await insistOn(format, target);
  if (!speechFormats.some((one) => one === found.format)) {
    const message = say`${target} (${found.format}) does not pair recordings with texts; LJSpeech, Common Voice, CSV, TSV, JSONL and Parquet do.`;
    throw new StudioError('dataset.unsupported', message, { details: { path: target } });
  }
  const source = await sourceOf(found.format, found.path);
  const changes = new Overlay((await ChangeLog.open(changesPath(source))).edits());
  if (found.format === 'parquet') {
    yield* parquetSpeech(found.path, changes, options);
    return;
  }
  let batch: DataRow[] = [];
  for await (const row of readRows(source, options, signal)) {
    const { text, verdict }: RowChange = changes.isEmpty ? {} : changes.of(row);
    if (verdict === 'rejected') continue;
    batch.push(text === undefined ? row : { ...row, text });
    if (batch.length < atOnce) continue;
    yield* await usable(batch, source, options);
    batch = [];
  }
  yield* await usable(batch, source, options);
}

async function usable(
  rows: readonly DataRow[],
  source: DataSource,
  options: SpeechDataOptions,
): Promise<SpeechRow[]> {
  const read = await mapParallel(rows, atOnce, (row) => speechRow(row, source), options.signal);
  return read.flatMap((one) => {
    if (!('code' in one)) return [one];
    options.onFault?.(one);
    return [];
  });
}

async function speechRow(row: DataRow, { audioFolder }: DataSource): Promise<SpeechRow | RowFault> {
  const { line, id, audioName, audioPath, speaker } = row;
  const text = row.text?.trim() ?? '';
  if (audioName === undefined) return { line, code: 'id.empty', message: say`The line names no recording.` };
  if (audioPath === undefined) {
    const message = say`"${audioName}" leads out of the folder ${path.basename(audioFolder)}.`;
    return { line, code: 'path.outside', message };
  }
  if (text === '') return { line, code: 'text.empty', message: say`${id} has no text.` };
  const { info, fault, missing } = await readSoundHeader(audioPath);
  if (info === undefined) {
    return { line, code: missing ? 'audio.missing' : 'audio.unreadable', message: `${audioName}: ${fault}` };
  }
  const named = speaker === undefined || speaker === '' ? {} : { speaker };
  return {
    id,
    audioPath,
    text,
    ...named,
    durationSeconds: info.seconds,
    sampleRate: info.sampleRate,
    kind: info.kind,
    line,
  };
}
