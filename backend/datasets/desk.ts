/** Where data sets are worked on: keeps the rows of those that are open. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../../protocol/wire/errors';
import { applyFixes } from '../../ml/text/fixes';
import { language, say } from '../language/say';
import { detectFormat, insistOn } from '../sdk/data/detect';
import type { DataRow } from '../sdk/data/row';
import { sourceOf } from '../sdk/data/source';
import { ClipCache } from './clipCache';
import { embeddedClip } from './embeddedClip';
import { extractParquet } from './extract';
import { inspectDataset, type FullReport } from './inspect';
import { OpenDataset } from './openDataset';
import { rewritten, type Rewrite } from './rewrite';
import type { DatasetWork, Place, Watched } from './work';
import { backUp, replaceTable, stampOf, writeChanged, type Stamp } from './writeBack';

/** Data sets whose rows are kept at once; the one that was not asked for longest goes. */
const keptOpen = 3;

export class DatasetDesk implements DatasetWork {
  private readonly open = new Map<string, OpenDataset>();
  private readonly opening = new Map<string, Promise<OpenDataset>>();

  /** `storagePath`: where what was found in clips is remembered. */
  constructor(private readonly storagePath: string) {}

  /** Always looks anew; clips that have not changed are remembered. */
  async inspect(place: Place, watched: Watched): Promise<FullReport> {
    return (await this.look(place, watched)).report;
  }

  rows: DatasetWork['rows'] = async ({ offset, limit, sort, filter, ...place }, watched) => {
    const opened = await this.dataset(place, watched);
    if (offset === 0) await opened.refresh();
    return opened.rows(offset, limit, sort, filter);
  };

  edit: DatasetWork['edit'] = async ({ edits, ...place }, watched) => {
    const opened = await this.dataset(place, watched);
    await opened.edit(edits);
    return opened.changes();
  };

  normalize: DatasetWork['normalize'] = async ({ fixes, filter, ...place }, watched) => {
    const opened = await this.dataset(place, watched);
    const rows = await opened.normalize(fixes, filter);
    return { ...opened.changes(), rows };
  };

  undo: DatasetWork['undo'] = async (place, watched) => {
    const opened = await this.dataset(place, watched);
    await opened.undo();
    return opened.changes();
  };

  redo: DatasetWork['redo'] = async (place, watched) => {
    const opened = await this.dataset(place, watched);
    await opened.redo();
    return opened.changes();
  };

  preview: DatasetWork['preview'] = async ({ dropRejected, ...place }, watched) => {
    const { opened, table, rewrite } = await this.toWrite(place, dropRejected ?? false, watched);
    const preview = path.join(this.storagePath, 'datasets', 'preview', path.basename(table));
    const { source } = opened.inspected;
    return { file: table, preview, ...(await writeChanged(source, table, preview, rewrite, watched.signal)) };
  };

  write: DatasetWork['write'] = async ({ dropRejected, ...place }, watched) => {
    const { opened, table, stamp, rewrite } = await this.toWrite(place, dropRejected ?? false, watched);
    const { source } = opened.inspected;
    const written = await replaceTable(source, table, stamp, rewrite, watched.signal);
    // The steps are in the file now; they are kept with the file as it was.
    await backUp(opened.changesFile);
    await rm(opened.changesFile);
    this.open.delete(place.path);
    return { file: table, ...written };
  };

  fixes: DatasetWork['fixes'] = async ({ path: target, format, fix, line }, { signal }) => {
    const found = format === undefined ? await detectFormat(target) : await insistOn(format, target);
    const source = await sourceOf(found.format, found.path);
    if (source.table === undefined) throw noTable(target);
    const rewrite = (row: DataRow): string | undefined => {
      const text = row.text ?? '';
      const fixed = line === undefined || row.line === line ? applyFixes(text, [fix]) : text;
      return fixed === text ? undefined : fixed;
    };
    const edits = [];
    for await (const { change } of rewritten(source, rewrite, signal)) {
      if (change?.after === undefined || change.after === change.before) continue;
      edits.push({ line: change.line, lines: change.lines, before: change.before, after: change.after });
    }
    return { file: source.table, edits };
  };

  clip: DatasetWork['clip'] = async ({ row: number, ...place }, watched) => {
    const opened = await this.dataset(place, watched);
    const row = opened.inspected.index.rows[number];
    const clip = row === undefined ? undefined : await embeddedClip(row, this.clipsFolder, watched.signal);
    if (clip === undefined) throw noSound(place.path, number);
    return { path: clip };
  };

  extract: DatasetWork['extract'] = (request, { signal, onProgress }) =>
    extractParquet(request, signal, (done) => onProgress?.({ phase: 'rows', done }));

  private get clipsFolder(): string {
    return path.join(this.storagePath, 'datasets', 'clips');
  }

  private async toWrite(
    place: Place,
    dropRejected: boolean,
    watched: Watched,
  ): Promise<{ opened: OpenDataset; table: string; stamp: Stamp; rewrite: Rewrite }> {
    const opened = await this.dataset(place, watched);
    const { source, index } = opened.inspected;
    if (source.table === undefined || opened.stamp === undefined) throw noTable(place.path);
    const byLine = new Map(index.rows.map((row) => [row.line, row]));
    const rewrite: Rewrite = ({ line }) => {
      const row = byLine.get(line);
      return dropRejected && row?.verdict === 'rejected' ? null : row?.edited;
    };
    return { opened, table: source.table, stamp: opened.stamp, rewrite };
  }

  /** The data set as it is now, from memory while its table is as it was. */
  private async dataset(place: Place, watched: Watched): Promise<OpenDataset> {
    const known = this.open.get(place.path);
    if (known !== undefined && (await known.isFresh())) return known;
    // A page asks for several pieces at once: the first opens for all.
    const under = this.opening.get(place.path);
    if (under !== undefined) return under;
    const opening = this.look(place, { ...watched, signal: new AbortController().signal });
    this.opening.set(place.path, opening);
    try {
      return await opening;
    } finally {
      this.opening.delete(place.path);
    }
  }

  private async look(place: Place, { signal, onProgress }: Watched): Promise<OpenDataset> {
    const clips = await ClipCache.open(path.join(this.storagePath, 'datasets'), place.path, language());
    const format = place.format;
    const detected =
      format === undefined ? await detectFormat(place.path) : await insistOn(format, place.path);
    const { table } = await sourceOf(detected.format, detected.path);
    // Before it is read: what is written meanwhile is noticed.
    const stamp = table === undefined ? undefined : await stampOf(table);
    const inspected = await inspectDataset(place.path, {
      format,
      signal,
      clips,
      ...(onProgress && { onProgress }),
    });
    await clips.save();
    const opened = await OpenDataset.open(inspected, stamp);
    this.open.delete(place.path);
    this.open.set(place.path, opened);
    const [oldest] = this.open.keys();
    if (this.open.size > keptOpen && oldest !== undefined) this.open.delete(oldest);
    return opened;
  }
}

function noSound(target: string, row: number): StudioError {
  const message = say`Row ${row + 1} of ${target} has no sound in it.`;
  return new StudioError('dataset.notFound', message, { details: { path: target } });
}

function noTable(target: string): StudioError {
  const message = say`${target} has no table of texts that could be written.`;
  return new StudioError('dataset.unsupported', message, { details: { path: target } });
}
