import path from 'node:path';
import { isAudio } from '../sdk/audioFiles';
import { resolveBelow } from '../sdk/labelledAudio';
import { ClipFigures, type ClipRef } from './clips';
import { Column } from './columns';
import type { Inspected, Inspection } from './context';
import { checkLabels } from './folderPerLabel';

const labelNames = ['label', 'class', 'category', 'target', 'species', 'gender', 'intent', 'digit'];
const audioNames = ['file', 'path', 'audio', 'wav', 'filename', 'file_name', 'audio_path', 'audio_file'];

/** 53 bits of a string (cyrb53): a million rows have a chance of about 1 in 20 000 that two share one. */
function hash(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2_654_435_761);
    b = Math.imul(b ^ code, 1_597_334_677);
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909);
  return (b & 0x1fffff) * 2 ** 32 + (a >>> 0);
}

/** Looks at the rows of a table or of JSON lines as they are read; keeps figures, not rows. */
export class Rows {
  private readonly columns = new Map<string, Column>();
  private readonly seen = new Map<number, number>();
  private readonly clips: ClipRef[] = [];
  private count = 0;

  constructor(private readonly inspection: Inspection) {}

  /** In the file's order, so that the report has them so. */
  declare(names: readonly string[]): void {
    for (const name of names) this.columns.set(name, new Column(name));
  }

  add(line: number, row: ReadonlyMap<string, unknown>): void {
    const { findings, path: file } = this.inspection;
    this.count++;
    const key = hash(JSON.stringify([...row]));
    const first = this.seen.get(key);
    if (first === undefined) this.seen.set(key, line);
    else findings.add('warning', 'row.duplicate', `The row is the same as line ${first}.`, { file, line });
    for (const [name, value] of row) {
      let column = this.columns.get(name);
      if (column === undefined) this.columns.set(name, (column = new Column(name)));
      column.add(value, line);
      if (typeof value === 'string') this.checkText(name, value, line);
    }
  }

  private checkText(name: string, value: string, line: number): void {
    const { findings, path: file } = this.inspection;
    if (value.includes('\ufffd')) {
      findings.add('warning', 'text.encoding', `"${name}" has characters that are not UTF-8.`, {
        file,
        line,
      });
    }
    if (!audioNames.includes(name.toLowerCase()) || !isAudio(value)) return;
    const target = resolveBelow(path.dirname(file), value.trim());
    if (target === undefined) {
      findings.add('error', 'path.outside', `${value} lies outside the table's folder.`, { file, line });
    } else this.clips.push({ file: target, name: value, place: { file, line } });
  }

  async finish(bytes: number): Promise<Inspected> {
    const { findings, path: file, signal } = this.inspection;
    if (this.count === 0) findings.add('error', 'table.empty', 'The file has no rows.', { file });
    for (const column of this.columns.values()) column.report(findings, file);
    const label = [...this.columns.values()].find((one) => labelNames.includes(one.name.toLowerCase()));
    const labels = label?.counts;
    if (labels !== undefined) checkLabels(labels, findings, file);
    const figures = new ClipFigures(findings, signal);
    await figures.read(this.clips);
    const stats = {
      columns: [...this.columns.values()].map((column) => column.stats()),
      ...(labels && { labels: Object.fromEntries(labels) }),
      ...figures.finish(),
      bytes: bytes + figures.bytes,
    };
    return { items: this.count, stats };
  }
}
