/** A data set whose rows are in memory, with what was changed in them. */
import type {
  DatasetChanges,
  DatasetEdit,
  DatasetFilter,
  DatasetRow,
  DatasetSort,
  TextFix,
} from '../../protocol/model/datasetRows';
import { applyFixes } from '../../ml/text/fixes';
import { ChangeLog, changesPath, Overlay, type RowEdit } from '../sdk/data/changes';
import type { FullReport, Inspected } from './inspect';
import type { IndexedRow } from './indexedRow';
import { selectRows } from './selectRows';
import { textCodes } from './textCodes';
import { stampOf, writeFailed, type Stamp } from './writeBack';

export class OpenDataset {
  /** Row numbers as they were last asked for: scrolling asks for the same again and again. */
  private selection: { readonly key: string; readonly rows: readonly number[] } | undefined;

  private constructor(
    readonly inspected: Inspected,
    private readonly log: ChangeLog,
    readonly stamp: Stamp | undefined,
  ) {}

  static async open(inspected: Inspected, stamp: Stamp | undefined): Promise<OpenDataset> {
    const log = await ChangeLog.open(changesPath(inspected.source));
    const opened = new OpenDataset(inspected, log, stamp);
    opened.applyAll();
    return opened;
  }

  get report(): FullReport {
    return this.inspected.report;
  }

  /** False when the table is not the one that was read. */
  async isFresh(): Promise<boolean> {
    const { table } = this.inspected.source;
    if (table === undefined || this.stamp === undefined) return true;
    const now = await stampOf(table).catch(() => undefined);
    return now?.size === this.stamp.size && now.mtimeMs === this.stamp.mtimeMs;
  }

  rows(offset: number, limit: number, sort: DatasetSort | undefined, filter: DatasetFilter | undefined) {
    const { rows } = this.inspected.index;
    const key = JSON.stringify([sort, filter]);
    if (this.selection?.key !== key) this.selection = { key, rows: selectRows(rows, sort, filter) };
    const numbers = this.selection.rows.slice(offset, offset + limit);
    return {
      total: this.selection.rows.length,
      rows: numbers.flatMap((number) => {
        const row = rows[number];
        return row === undefined ? [] : [toDatasetRow(row, number)];
      }),
      changes: this.changes(),
    };
  }

  changes(): DatasetChanges {
    let [changed, accepted, rejected] = [0, 0, 0];
    for (const { edited, verdict } of this.inspected.index.rows) {
      if (edited !== undefined) changed++;
      if (verdict === 'accepted') accepted++;
      else if (verdict === 'rejected') rejected++;
    }
    const { canUndo, canRedo } = this.log;
    const writable = this.inspected.source.table !== undefined;
    return { changed, accepted, rejected, canUndo, canRedo, writable };
  }

  /** Takes in what another window changed. */
  async refresh(): Promise<void> {
    if (!(await this.log.refresh())) return;
    for (const row of this.inspected.index.rows) {
      setText(row, undefined);
      delete row.verdict;
    }
    this.applyAll();
  }

  async edit(edits: readonly DatasetEdit[]): Promise<void> {
    const step = edits.flatMap((edit) => this.toRowEdits(edit));
    if (step.length === 0) return;
    await this.writing(this.log.add(step));
    this.apply(step);
  }

  /** Answers how many rows it changed. */
  async normalize(fixes: readonly TextFix[], filter: DatasetFilter | undefined): Promise<number> {
    const { rows } = this.inspected.index;
    const edits = selectRows(rows, undefined, filter).flatMap((row) => {
      const before = textOf(rows[row]);
      const text = before === undefined ? undefined : applyFixes(before, fixes);
      return text === undefined || text === before ? [] : [{ row, text }];
    });
    await this.edit(edits);
    return edits.length;
  }

  async undo(): Promise<void> {
    this.apply(await this.writing(this.log.undo()));
  }

  async redo(): Promise<void> {
    this.apply(await this.writing(this.log.redo()));
  }

  get changesFile(): string {
    return this.log.file;
  }

  private toRowEdits({ row: number, text, verdict }: DatasetEdit): RowEdit[] {
    const row = this.inspected.index.rows[number];
    if (row === undefined) return [];
    const { id, line } = row;
    const place = { id, ...(line !== undefined && { line }) };
    const edits: RowEdit[] = [];
    const before = textOf(row);
    if (text !== undefined && before !== undefined && text !== before)
      edits.push({ ...place, field: 'text', from: before, to: text });
    if (verdict !== undefined && verdict !== (row.verdict ?? null))
      edits.push({ ...place, field: 'verdict', from: row.verdict ?? null, to: verdict });
    return edits;
  }

  private applyAll(): void {
    const edits = this.log.edits();
    if (edits.length > 0) this.applyOverlay(new Overlay(edits), this.inspected.index.rows);
  }

  private apply(edits: readonly RowEdit[]): void {
    const ids = new Set(edits.map(({ id }) => id));
    const touched = this.inspected.index.rows.filter(({ id }) => ids.has(id));
    for (const row of touched) {
      setText(row, undefined);
      delete row.verdict;
    }
    this.applyOverlay(new Overlay(this.log.edits().filter(({ id }) => ids.has(id))), touched);
    this.selection = undefined;
  }

  private applyOverlay(overlay: Overlay, rows: readonly IndexedRow[]): void {
    for (const row of rows) {
      const { text, verdict } = overlay.of(row);
      if (text !== undefined) setText(row, text);
      if (verdict !== undefined) row.verdict = verdict;
    }
    this.selection = undefined;
  }

  private writing<T>(work: Promise<T>): Promise<T> {
    return work.catch((error: unknown) => {
      throw writeFailed(error, this.log.file);
    });
  }
}

export function textOf(row: IndexedRow | undefined): string | undefined {
  return row?.edited ?? row?.text;
}

/** What was found in the text is found again in the new one. */
function setText(row: IndexedRow, text: string | undefined): void {
  if (text === (row.edited ?? undefined)) return;
  if (text === undefined || text === row.text) delete row.edited;
  else row.edited = text;
  const now = textOf(row);
  if (now === undefined) return;
  const kept = row.codes.filter((code) => !code.startsWith('text.') || code === 'text.duplicate');
  row.codes.splice(0, Infinity, ...kept, ...textCodes(now));
}

function toDatasetRow(row: IndexedRow, number: number): DatasetRow {
  const { line, id, audioPath, embedded, speaker, label, seconds, verdict, codes, edited } = row;
  const text = textOf(row);
  return {
    row: number,
    id,
    codes,
    ...(line !== undefined && { line }),
    ...(audioPath !== undefined && { audioPath }),
    ...(text !== undefined && { text }),
    ...(edited !== undefined && row.text !== undefined && { original: row.text }),
    ...(embedded === true && { embedded }),
    ...(speaker !== undefined && { speaker }),
    ...(label !== undefined && { label }),
    ...(seconds !== undefined && { seconds }),
    ...(verdict !== undefined && { verdict }),
  };
}
