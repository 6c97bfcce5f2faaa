/** Parquet files as the hub ships data sets: read group by group, so that sound of gigabytes is never in memory at once. */
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { say } from '../../language/say';
import { columnsOf, type RowColumns } from './columnNames';

/** The file is no Parquet, is cut short, or is packed in a way that is not known. */
export class ParquetError extends Error {
  override readonly name = 'ParquetError';
}

export interface ParquetRow {
  /** In the file, from 1. */
  readonly line: number;
  readonly cells: ReadonlyMap<string, unknown>;
}

/** Rows that are unpacked at once where the file has larger groups. */
const mostAtOnce = 256;

export class ParquetFile {
  private constructor(
    readonly file: string,
    private readonly buffer: AsyncBuffer,
    private readonly metadata: FileMetaData,
    /** Of the columns, in their order. */
    readonly names: readonly string[],
    readonly columns: RowColumns,
    /** For a file that is not read to its end; again does nothing. */
    readonly close: () => Promise<void>,
  ) {}

  get rows(): number {
    return Number(this.metadata.num_rows);
  }

  /** Reads what stands at the end of the file; rejects with `ParquetError`. */
  static async open(file: string): Promise<ParquetFile> {
    const handle = await open(file, 'r');
    const { size } = await handle.stat();
    const buffer: AsyncBuffer = {
      byteLength: size,
      slice: async (start, end = size) => {
        const bytes = new ArrayBuffer(Math.max(0, Math.min(end, size) - start));
        await handle.read(new Uint8Array(bytes), 0, bytes.byteLength, start);
        return bytes;
      },
    };
    try {
      const { parquetMetadataAsync, parquetSchema } = await import('hyparquet');
      const metadata = await parquetMetadataAsync(buffer);
      const names = parquetSchema(metadata).children.map(({ element }) => element.name);
      return new ParquetFile(file, buffer, metadata, names, columnsOf(names), () => handle.close());
    } catch (error) {
      await handle.close();
      throw fault(error);
    }
  }

  /** Every row in its order, or those of `[from, to)`; the file is closed at the end. Rejects with `ParquetError`. */
  async *read(signal?: AbortSignal, from = 0, to = this.rows): AsyncGenerator<ParquetRow> {
    try {
      const [{ parquetReadObjects }, { compressors }] = await Promise.all([
        import('hyparquet'),
        import('hyparquet-compressors'),
      ]);
      for (const [start, end] of this.pieces(from, to)) {
        signal?.throwIfAborted();
        const objects: Record<string, unknown>[] = await parquetReadObjects({
          file: this.buffer,
          metadata: this.metadata,
          compressors,
          // Sound stays bytes: text columns say in the schema that they are text.
          utf8: false,
          rowStart: start,
          rowEnd: end,
        }).catch((error: unknown) => {
          throw fault(error);
        });
        for (const [i, cells] of objects.entries())
          yield { line: start + i + 1, cells: new Map(Object.entries(cells)) };
      }
    } finally {
      await this.close();
    }
  }

  /** By the file's own groups: a part of one is unpacked whole. */
  private *pieces(from: number, to: number): Generator<[number, number]> {
    let start = 0;
    for (const group of this.metadata.row_groups) {
      const end = start + Number(group.num_rows);
      const size = Number(group.total_byte_size) / Math.max(1, Number(group.num_rows));
      // Rows of a few bytes come by the group; rows of sound a few at a time would unpack the group again and again.
      const step = size < 4096 ? Number(group.num_rows) : Math.max(mostAtOnce, Number(group.num_rows));
      for (let at = Math.max(start, from); at < Math.min(end, to); at += step)
        yield [at, Math.min(at + step, end, to)];
      start = end;
    }
  }
}

/** The Parquet files of a data set in the order of their names, of one split where that is asked for. */
export async function parquetFiles(target: string, split?: string): Promise<string[]> {
  if (isParquet(target)) return [target];
  const entries = await readdir(target, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && isParquet(entry.name) && !entry.parentPath.includes('.cache'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => split === undefined || splitOf(file) === split)
    .sort();
}

export const isParquet = (name: string): boolean => path.extname(name).toLowerCase() === '.parquet';

/** `train-00000-of-00012.parquet`, `train.parquet` and `train/0000.parquet` are of the split `train`. */
export function splitOf(file: string): string {
  const name = path.basename(file, path.extname(file));
  const [, sharded] = /^(.+?)-\d{5}-of-\d{5}/.exec(name) ?? [];
  if (sharded !== undefined) return sharded;
  return /^\d+$/.test(name) ? path.basename(path.dirname(file)) : name;
}

/** What an audio column holds: bytes and the name they had; a bare path; bytes alone. */
export function parquetAudio(value: unknown): { bytes?: Uint8Array; name?: string } {
  if (value instanceof Uint8Array) return { bytes: value };
  if (typeof value === 'string') return { name: value };
  if (typeof value !== 'object' || value === null) return {};
  const { bytes, path: name } = value as { bytes?: unknown; path?: unknown };
  return {
    ...(bytes instanceof Uint8Array && { bytes }),
    ...(textCell(name) !== undefined && { name: textCell(name) ?? '' }),
  };
}

/** A text that the schema did not mark as one comes as bytes. */
export function textCell(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return undefined;
}

function fault(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === 'string' || (error as Error).name === 'AbortError') return error;
  const message = say`The Parquet file cannot be read: ${(error as Error).message}`;
  return new ParquetError(message, { cause: error });
}
