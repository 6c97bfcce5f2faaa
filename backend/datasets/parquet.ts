import { stat } from 'node:fs/promises';
import path from 'node:path';
import { say } from '../language/say';
import {
  parquetAudio,
  ParquetError,
  ParquetFile,
  parquetFiles,
  splitOf,
  textCell,
} from '../sdk/data/parquetFile';
import { clipOutcomeOf } from './clipFacts';
import { Clips } from './clips';
import type { Inspected, Inspection } from './context';
import type { IndexedRow } from './indexedRow';
import { checkRatios } from './ratio';
import { TextChecks } from './textChecks';

/** One file, or a folder of shards as the hub ships them: rows with their sound inside. */
export async function inspectParquet(inspection: Inspection): Promise<Inspected> {
  const { source, findings, index, signal, onProgress } = inspection;
  const files = await parquetFiles(source.path);
  const clips = new Clips(inspection);
  const texts = new TextChecks(findings);
  const splits = new Map<string, number>();
  let [items, bytes, spoken] = [0, 0, false];
  for (const file of files) {
    bytes += (await stat(file)).size;
    try {
      const opened = await ParquetFile.open(file);
      const { columns, rows } = opened;
      if (columns.audio === undefined && columns.text === undefined) {
        const message = say`${path.basename(file)} has neither a column of sound nor one of text.`;
        findings.add('error', 'parquet.columns', message, { file });
      }
      spoken ||= columns.text !== undefined && columns.audio !== undefined;
      for await (const { line, cells } of opened.read(signal)) {
        items++;
        if (items % 64 === 0) onProgress({ phase: 'sound', done: line, total: rows });
        splits.set(splitOf(file), (splits.get(splitOf(file)) ?? 0) + 1);
        const cell = (name: string | undefined) => (name === undefined ? undefined : cells.get(name));
        const audio = parquetAudio(cell(columns.audio));
        const text = textCell(cell(columns.text));
        const speaker = textCell(cell(columns.speaker));
        const row: IndexedRow = {
          file,
          lines: 1,
          number: line,
          id: audio.name === undefined || audio.name === '' ? `${splitOf(file)}-${line}` : audio.name,
          codes: [],
          ...(text !== undefined && { text }),
          ...(speaker !== undefined && { speaker }),
          ...(audio.bytes !== undefined && { embedded: true }),
        };
        if (!index.add(row)) continue;
        if (text !== undefined && columns.audio !== undefined) texts.check(row, text);
        if (audio.bytes !== undefined)
          clips.take(row, await clipOutcomeOf(audio.bytes, clips.decodings, signal), spoken);
        else if (columns.audio !== undefined) {
          findings.add(
            'error',
            'audio.missing',
            () => say`Row ${line} of ${path.basename(file)} has no sound in it.`,
            row,
          );
        }
      }
    } catch (error) {
      if (!(error instanceof ParquetError)) throw error;
      findings.add('error', 'parquet.unreadable', `${path.basename(file)}: ${error.message}`, { file });
    }
  }
  if (items === 0) findings.add('error', 'table.empty', say`The file has no rows.`, { file: source.path });
  const stats = {
    ...texts.finish(),
    ...checkRatios(spoken ? index.rows : [], findings),
    ...clips.finish(),
    splits: Object.fromEntries(splits),
    bytes,
  };
  return { items, stats };
}
