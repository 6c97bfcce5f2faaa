/**
 * What of a file is on disk, written beside it as JSON lines: first what the file is, then one line for every stretch
 * that was written, with its CRC-32. Lines are appended without waiting for the disk: whoever reads them checks each
 * stretch against its CRC, so a line that outlived its bytes in a power cut is found out. A torn or foreign last line
 * is left out.
 */
import { open, readFile, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { toDiskError } from './diskError';

const head = z.object({ version: z.literal(1), size: z.number(), etag: z.string().nullable() });
const offset = z.number().int().nonnegative();
const line = z.union([
  z.object({ range: z.tuple([offset, offset]), crc: z.number(), adopted: z.literal(true).optional() }),
  z.object({ source: z.object({ host: z.string(), etag: z.string() }) }),
]);

/** A stretch that was written in one go. */
export interface JournalRecord {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** CRC-32 of the bytes as they came. */
  readonly crc: number;
  /** Found on disk without a journal: nobody knows how it came there. */
  readonly adopted?: boolean;
}

/** Which copy the bytes come from: another etag at the same host is another file. */
export interface JournalSource {
  readonly host: string;
  readonly etag: string;
}

export interface JournalContent {
  readonly records: readonly JournalRecord[];
  readonly source: JournalSource | undefined;
}

export interface JournalIdentity {
  readonly size: number;
  readonly etag: string | undefined;
}

/** Undefined when there is none or it belongs to another file. */
export async function readJournal(
  path: string,
  { size, etag }: JournalIdentity,
): Promise<JournalContent | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // What follows the last line break was being written when the process or the machine ended.
  const [first = '', ...rest] = text.split('\n').slice(0, -1);
  const known = head.safeParse(parse(first));
  if (!known.success || known.data.size !== size || known.data.etag !== (etag ?? null)) return undefined;
  const records: JournalRecord[] = [];
  let source: JournalSource | undefined;
  for (const text of rest) {
    const parsed = line.safeParse(parse(text));
    if (!parsed.success) continue;
    if ('source' in parsed.data) {
      source = parsed.data.source;
      continue;
    }
    const { range, crc, adopted } = parsed.data;
    const [start, end] = range;
    if (start < end && end <= size) records.push({ start, end, crc, ...(adopted && { adopted }) });
  }
  return { records, source };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const recordLine = ({ start, end, crc, adopted }: JournalRecord): string =>
  `${JSON.stringify({ range: [start, end], crc, ...(adopted === true && { adopted }) })}\n`;
const sourceLine = (source: JournalSource): string => `${JSON.stringify({ source })}\n`;

export class Journal {
  private queued = '';
  private writing: Promise<void> | undefined;
  private failure: unknown;

  private constructor(
    private readonly path: string,
    private readonly identity: JournalIdentity,
    private handle: FileHandle,
  ) {}

  /** Writes it anew with this content, in one step as far as a crash can see. */
  static async create(path: string, identity: JournalIdentity, content: JournalContent): Promise<Journal> {
    return new Journal(path, identity, await writeWhole(path, identity, content));
  }

  add(record: JournalRecord): void {
    this.append(recordLine(record));
  }

  addSource(source: JournalSource): void {
    this.append(sourceLine(source));
  }

  async rewrite(content: JournalContent): Promise<void> {
    await this.written();
    await this.handle.close();
    this.handle = await writeWhole(this.path, this.identity, content);
  }

  /** Everything handed over is in the hands of the system. */
  async written(): Promise<void> {
    while (this.writing !== undefined) await this.writing;
    if (this.failure !== undefined) throw toDiskError(this.failure, this.path);
  }

  async sync(): Promise<void> {
    await this.written();
    await this.handle.datasync();
  }

  async close(): Promise<void> {
    await this.written().catch(() => undefined);
    await this.handle.close();
  }

  private append(text: string): void {
    this.queued += text;
    this.writing ??= this.drain();
  }

  private async drain(): Promise<void> {
    try {
      while (this.queued !== '' && this.failure === undefined) {
        const text = this.queued;
        this.queued = '';
        await this.handle.appendFile(text);
      }
    } catch (error) {
      this.failure = error;
    } finally {
      this.writing = undefined;
    }
  }
}

async function writeWhole(
  path: string,
  { size, etag }: JournalIdentity,
  { records, source }: JournalContent,
): Promise<FileHandle> {
  const first = `${JSON.stringify({ version: 1, size, etag: etag ?? null })}\n`;
  const text = [first, source === undefined ? '' : sourceLine(source), ...records.map(recordLine)].join('');
  const fresh = `${path}.new`;
  try {
    await rm(fresh, { force: true });
    await writeFile(fresh, text, { flag: 'wx', flush: true });
    await rename(fresh, path);
    return await open(path, 'a');
  } catch (error) {
    throw toDiskError(error, path);
  }
}
