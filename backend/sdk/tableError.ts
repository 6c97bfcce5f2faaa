/** The file is not delimited text; `line` from 1 where it is known. */
export class TableError extends Error {
  override readonly name = 'TableError';

  constructor(
    message: string,
    readonly line?: number,
    options?: { cause: unknown },
  ) {
    super(message, options);
  }
}
