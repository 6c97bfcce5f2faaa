import type { SoundKind } from '../../ml/audio/soundInfo';
import type { Verdict } from '../sdk/data/changes';

/** A row as the grid shows it, with what was found in it. */
export interface IndexedRow {
  /** Where it stands: the table, the clip itself, or a shard of Parquet. */
  readonly file: string;
  readonly line?: number;
  /** In a Parquet file, from 1. */
  readonly number?: number;
  /** Its sound lies in the file itself. */
  readonly embedded?: boolean;
  /** Physical lines that it takes. */
  readonly lines: number;
  readonly id: string;
  readonly audioName?: string;
  /** Absolute; absent when the row names no recording or one outside the folder. */
  readonly audioPath?: string;
  readonly text?: string;
  readonly speaker?: string;
  readonly label?: string;
  /** Codes of findings. */
  readonly codes: string[];
  /** The text that a person gave it. */
  edited?: string;
  verdict?: Verdict;
  seconds?: number;
  peak?: number;
  kind?: SoundKind;
}

/** Rows that are kept and shown: more would not fit into memory, and a grid of them helps nobody. */
const mostRows = 1_000_000;
const mostCharacters = 200_000_000;

/** The rows of one data set, in its order. */
export class RowIndex {
  readonly rows: IndexedRow[] = [];
  private characters = 0;

  /** False when the row is one too many to keep. */
  add(row: IndexedRow): boolean {
    this.characters += (row.text?.length ?? 0) + row.id.length;
    if (this.full) return false;
    this.rows.push(row);
    return true;
  }

  get full(): boolean {
    return this.rows.length >= mostRows || this.characters > mostCharacters;
  }
}
