import { parseNumber } from '../../ml/trained/tabularFeatures';
import { say } from '../language/say';
import type { Findings } from './findings';

/** A column with this share of numbers is numeric, and its other cells are mistakes. */
const numericShare = 0.9;
/** Distinct values that are followed; a column with more is free text or an identifier. */
const followedValues = 1000;
const listedValues = 30;
const rememberedLines = 20;
const notANumber = /^[+-]?(nan|inf(inity)?)$/i;

/** Facts of one column, gathered in one pass. */
export class Column {
  /** Distinct values that are followed. */
  static readonly followed = followedValues;
  private readonly values = new Map<string, number>();
  private readonly odd: { line: number; cell: string }[] = [];
  private oddCount = 0;
  private numbers = 0;
  private sum = 0;
  private smallest = Infinity;
  private largest = -Infinity;
  private missing = 0;
  private count = 0;
  private overflow = false;

  constructor(readonly name: string) {}

  add(value: unknown, line: number): void {
    this.count++;
    const cell = typeof value === 'string' ? value.trim() : value;
    if (cell === undefined || cell === null || cell === '') {
      this.missing++;
      return;
    }
    const number = parseNumber(cell);
    if (number !== undefined) {
      this.numbers++;
      this.sum += number;
      this.smallest = Math.min(this.smallest, number);
      this.largest = Math.max(this.largest, number);
    } else if (this.odd.length < rememberedLines) {
      this.odd.push({ line, cell: typeof cell === 'string' ? cell : JSON.stringify(cell) });
    }
    if (number === undefined) this.oddCount++;
    this.follow(typeof cell === 'string' ? cell : JSON.stringify(cell));
  }

  private follow(text: string): void {
    const known = this.values.get(text);
    if (known !== undefined) this.values.set(text, known + 1);
    else if (this.values.size < followedValues) this.values.set(text, 1);
    else this.overflow = true;
  }

  get numeric(): boolean {
    return this.numbers > 0 && this.numbers >= (this.numbers + this.oddCount) * numericShare;
  }

  /** Distinct values with their counts; undefined when there are too many to follow. */
  get counts(): ReadonlyMap<string, number> | undefined {
    return this.overflow ? undefined : this.values;
  }

  report(findings: Findings, file: string): void {
    if (this.missing > 0) {
      const message =
        this.missing === 1
          ? say`One cell is empty in the column "${this.name}".`
          : say`${this.missing} cells are empty in the column "${this.name}".`;
      findings.add('warning', 'cell.empty', message, { file });
    }
    if (!this.numeric) return;
    for (const { line, cell } of this.odd) {
      const nan = notANumber.test(cell);
      const message = nan
        ? say`The column "${this.name}" has ${cell} among numbers.`
        : say`The column "${this.name}" has the text "${cell.slice(0, 40)}" among numbers.`;
      findings.add('error', nan ? 'cell.nan' : 'cell.notNumber', message, { file, line });
    }
    if (this.oddCount > this.odd.length) {
      const rest = this.oddCount - this.odd.length;
      findings.add('error', 'cell.notNumber', say`${rest} more cells of "${this.name}" are not numbers.`, {
        file,
      });
    }
  }

  stats(): Record<string, unknown> {
    const shared = {
      name: this.name,
      kind: this.numeric ? 'numeric' : 'text',
      missing: this.missing,
      ...(this.overflow ? {} : { distinct: this.values.size }),
    };
    if (this.numeric) {
      const mean = this.sum / this.numbers;
      return { ...shared, min: this.smallest, max: this.largest, mean };
    }
    if (this.overflow || this.values.size > listedValues) return shared;
    return { ...shared, values: Object.fromEntries(this.values) };
  }
}
