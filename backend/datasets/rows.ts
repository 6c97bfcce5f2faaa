import { say } from '../language/say';
import type { DataRow, RowFault } from '../sdk/data/row';
import { Clips } from './clips';
import { Column } from './columns';
import type { Inspected, Inspection } from './context';
import { hash } from './hash';
import type { IndexedRow } from './indexedRow';
import { checkLabels } from './labels';
import { checkRatios } from './ratio';
import { TextChecks } from './textChecks';

/** Rows among which repeated ones are looked for. */
const followedRows = 1_000_000;
const listedSpeakers = 200;
const lineFaults = new Set(['json.shape', 'json.syntax', 'row.length']);

/** Looks at the rows of a table as they are read. */
export class Rows {
  private readonly columns = new Map<string, Column>();
  private readonly seen = new Map<number, number>();
  private readonly byAudio = new Map<string, IndexedRow>();
  private readonly speakers = new Map<string, IndexedRow[]>();
  private readonly texts: TextChecks;
  private count = 0;
  private spoken = 0;
  private lastFaults: { line: number; codes: string[] } | undefined;

  /** `columns`: the figures of every column are wanted, and rows that are the same are a mistake. */
  constructor(
    private readonly inspection: Inspection,
    private readonly table: string,
    private readonly wantColumns: boolean,
  ) {
    this.texts = new TextChecks(inspection.findings);
  }

  /** In the file's order, so that the report has them so. */
  declare(names: readonly string[]): void {
    if (this.wantColumns) for (const name of names) this.columns.set(name, new Column(name));
  }

  /** Comes before the row that it is about. */
  fault({ line, code, message }: RowFault): void {
    const { findings } = this.inspection;
    const place = { file: this.table, ...(line !== undefined && { line }) };
    findings.add('error', code, message, place);
    if (line === undefined || !lineFaults.has(code)) return;
    if (this.lastFaults?.line === line) this.lastFaults.codes.push(code);
    else this.lastFaults = { line, codes: [code] };
  }

  add(row: DataRow): void {
    const { findings, index, onProgress } = this.inspection;
    this.count++;
    if (this.count % 5000 === 0) onProgress({ phase: 'rows', done: this.count });
    const codes = this.lastFaults?.line === row.line ? this.lastFaults.codes : [];
    const indexed = indexedRow(row, this.table, codes);
    if (this.wantColumns) this.addColumns(row, indexed);
    if (!index.add(indexed)) return;
    if (row.audioName === undefined && row.id === '')
      findings.add('error', 'id.empty', say`The line names no recording.`, indexed);
    if (row.audioName !== undefined) this.addAudio(row, indexed);
    if (row.speaker !== undefined && row.speaker !== '') {
      const same = this.speakers.get(row.speaker);
      if (same === undefined) this.speakers.set(row.speaker, [indexed]);
      else same.push(indexed);
    }
    if (row.text === undefined || !this.isSpeech(row)) return;
    this.spoken++;
    this.texts.check(indexed, row.text);
  }

  private isSpeech({ audioName }: DataRow): boolean {
    const { format } = this.inspection.source;
    return format === 'ljspeech' || format === 'common-voice' || audioName !== undefined;
  }

  private addColumns(row: DataRow, indexed: IndexedRow): void {
    const { findings } = this.inspection;
    const key = hash(JSON.stringify([...row.cells]));
    const first = this.seen.get(key);
    if (first !== undefined)
      findings.add('warning', 'row.duplicate', () => say`The row is the same as line ${first}.`, indexed);
    else if (this.seen.size < followedRows) this.seen.set(key, row.line);
    for (const [name, value] of row.cells) {
      let column = this.columns.get(name);
      if (column === undefined) this.columns.set(name, (column = new Column(name)));
      column.add(value, row.line);
      if (typeof value !== 'string' || !value.includes('\ufffd')) continue;
      findings.add(
        'warning',
        'text.encoding',
        () => say`"${name}" has characters that are not UTF-8.`,
        indexed,
      );
    }
  }

  private addAudio(row: DataRow, indexed: IndexedRow): void {
    const { findings } = this.inspection;
    if (row.audioPath === undefined) {
      const message = (): string => say`"${row.audioName ?? ''}" leads out of the data set's folder.`;
      findings.add('error', 'path.outside', message, indexed);
      return;
    }
    const first = this.byAudio.get(row.audioPath);
    if (first === undefined) this.byAudio.set(row.audioPath, indexed);
    else {
      const message = (): string => say`${row.id} stands on line ${first.line ?? 0} too.`;
      findings.add('warning', 'id.duplicate', message, indexed);
    }
  }

  /** Whether a row names this file. */
  names(file: string): boolean {
    return this.byAudio.has(file);
  }

  async finish(bytes: number): Promise<Inspected> {
    const { findings, index, source } = this.inspection;
    if (this.count === 0)
      findings.add('error', 'table.empty', say`The file has no rows.`, { file: this.table });
    if (this.count > index.rows.length) {
      const message = say`Of ${this.count} rows the first ${index.rows.length} are kept: later ones are counted only.`;
      findings.add('info', 'rows.many', message, { file: this.table });
    }
    for (const column of this.columns.values()) column.report(findings, this.table);
    const labels = this.labels();
    if (labels !== undefined) checkLabels(labels, findings, this.table, index.rows);
    const clips = new Clips(this.inspection);
    await clips.read(index.rows, this.spoken > 0);
    const stats = {
      ...(this.wantColumns && { columns: [...this.columns.values()].map((column) => column.stats()) }),
      ...(labels && { labels: Object.fromEntries(labels) }),
      ...(this.speakers.size > 0 && { speakers: this.speakerStats() }),
      ...this.texts.finish(),
      ...checkRatios(this.spoken > 0 ? index.rows : [], findings),
      ...clips.finish(),
      ...(source.format === 'common-voice' && { table: this.table }),
      bytes: bytes + clips.bytes,
    };
    return { items: this.count, stats };
  }

  private labels(): ReadonlyMap<string, number> | undefined {
    const name = this.inspection.index.rows.find(({ label }) => label !== undefined);
    if (name === undefined || !this.wantColumns) return undefined;
    const counts = new Map<string, number>();
    for (const { label = '' } of this.inspection.index.rows)
      if (label !== '') counts.set(label, (counts.get(label) ?? 0) + 1);
    return counts.size > Column.followed ? undefined : counts;
  }

  private speakerStats(): Record<string, { items: number; seconds: number }> {
    const list = [...this.speakers].map(([name, rows]) => {
      const seconds = rows.reduce((sum, row) => sum + (row.seconds ?? 0), 0);
      return [name, { items: rows.length, seconds }] as const;
    });
    list.sort(([, a], [, b]) => b.items - a.items);
    return Object.fromEntries(list.slice(0, listedSpeakers));
  }
}

function indexedRow(row: DataRow, file: string, codes: string[]): IndexedRow {
  const { line, lines, id, audioName, audioPath, text, speaker, label } = row;
  return {
    file,
    line,
    lines,
    id,
    codes,
    ...(audioName !== undefined && { audioName }),
    ...(audioPath !== undefined && { audioPath }),
    ...(text !== undefined && { text }),
    ...(speaker !== undefined && { speaker }),
    ...(label !== undefined && { label }),
  };
}
