/** One row of a data set, whatever it was read from. */
export interface DataRow {
  /** Of the table it stands in, from 1. */
  readonly line: number;
  /** Lines that it takes: a quoted cell may span several. */
  readonly lines: number;
  /** Columns by name, in the file's order. */
  readonly cells: ReadonlyMap<string, unknown>;
  /** The recording's name, else the line. */
  readonly id: string;
  /** The recording as the row names it; undefined when it names none. */
  readonly audioName: string | undefined;
  /** The same as an absolute path; undefined when it leads out of the data set's folder. */
  readonly audioPath: string | undefined;
  /** What is spoken; undefined where the data set has no texts. */
  readonly text: string | undefined;
  readonly speaker: string | undefined;
  readonly label: string | undefined;
}

/** A line that is no row, or one with something wrong in its form; reading goes on behind it. */
export interface RowFault {
  readonly line: number | undefined;
  readonly code: string;
  readonly message: string;
}

export interface RowListener {
  /** The columns, before the first row; not called for data that names none. */
  onHeader?(names: readonly string[]): void;
  onFault?(fault: RowFault): void;
}
