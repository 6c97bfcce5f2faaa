/**
 * A large file on its way in several pieces at once: written where each piece belongs, with a journal beside it of what
 * is there, and hashed in order as far as it is whole from the beginning.
 */
import type { Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { adoptPrefix } from './adoptPrefix';
import { throwIfAborted } from './cancelled';
import { toDiskError } from './diskError';
import { startHash, type HashKind } from './hashing';
import { Intervals, type Range } from './intervals';
import { Journal, readJournal, type JournalRecord, type JournalSource } from './journal';

export interface RangedFileOptions {
  /** Full of holes until it is complete: worth nothing without the journal. */
  readonly path: string;
  readonly journal: string;
  /** Where an unbroken beginning may lie, ours or another client's: it is taken over. */
  readonly prefix: string;
  readonly size: number;
  readonly etag: string | undefined;
  /** Undefined: nothing to compare with, so nothing is hashed. */
  readonly kind: HashKind | undefined;
  readonly signal: AbortSignal;
  readonly openFile?: ((path: string) => Promise<FileHandle>) | undefined;
}

const pieceSize = 1 << 20;
/** Bytes after which data and journal are made durable, so that a power cut costs little. */
const settleEvery = 64 << 20;

export class RangedFile {
  private held = new Intervals();
  private records: JournalRecord[] = [];
  private gathered = 0;
  private hash: Hash | undefined;
  private hashedTo = 0;
  private hashing: Promise<void> | undefined;
  private unsettled = 0;
  private settling: Promise<void> = Promise.resolve();
  private failure: unknown;
  private closing = false;
  private knownSource: JournalSource | undefined;
  /** Bytes written since it was opened; only grows. */
  written = 0;

  private constructor(
    private readonly options: RangedFileOptions,
    private readonly handle: FileHandle,
    private readonly journal: Journal,
  ) {
    this.startHash();
  }

  /** Opens or makes it; every stretch that the journal tells of is read again and compared with its CRC. */
  static async open(options: RangedFileOptions): Promise<RangedFile> {
    const { path, journal: journalPath, prefix, size, etag } = options;
    let handle: FileHandle | undefined;
    try {
      let known = await readJournal(journalPath, { size, etag });
      if (known === undefined || known.records.length === 0) {
        known = { records: await adoptPrefix(prefix, path, size), source: undefined };
      }
      handle = await (options.openFile ?? openForWriting)(path);
      if ((await handle.stat()).size > size) await handle.truncate(size);
      const journal = await Journal.create(journalPath, { size, etag }, known);
      const file = new RangedFile(options, handle, journal);
      file.knownSource = known.source;
      await file.check(known.records);
      return file;
    } catch (error) {
      await handle?.close();
      throw toDiskError(error, path);
    }
  }

  /** Bytes that are there or about to be. */
  get length(): number {
    return this.held.total + this.gathered;
  }

  get isComplete(): boolean {
    return this.held.total === this.options.size;
  }

  get source(): JournalSource | undefined {
    return this.knownSource;
  }

  setSource(source: JournalSource): void {
    this.knownSource = source;
    this.journal.addSource(source);
  }

  /** The first stretch within the range that is not on disk. */
  gap({ start, end }: Range): Range | undefined {
    return this.held.gap(start, end);
  }

  /** Counts bytes that a writer holds, until `write` takes them. */
  gather(bytes: number): void {
    this.gathered += bytes;
  }

  /** Writes and records one stretch that was gathered; also takes it into the hash where it continues what is hashed. */
  async write(start: number, buffers: readonly Buffer[]): Promise<void> {
    const bytes = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    try {
      if (this.failure !== undefined) throw this.failure as Error;
      await writeAll(this.handle, buffers, start, bytes);
    } catch (error) {
      throw toDiskError(error, this.options.path);
    } finally {
      this.gathered -= bytes;
    }
    let crc = 0;
    for (const buffer of buffers) crc = crc32(buffer, crc);
    const record = { start, end: start + bytes, crc };
    this.records.push(record);
    this.held.add(record);
    this.journal.add(record);
    this.written += bytes;
    if (this.hashing === undefined && start === this.hashedTo && this.hash !== undefined) {
      for (const buffer of buffers) this.hash.update(buffer);
      this.hashedTo = record.end;
    }
    this.catchUp();
    this.settle(bytes);
  }

  /** Makes everything durable and answers the hash of the whole, in lower-case hex. */
  async finish(): Promise<string | undefined> {
    await this.hashed();
    this.catchUp();
    await this.hashed();
    await this.settling;
    throwIfAborted(this.options.signal);
    if (this.failure !== undefined) throw toDiskError(this.failure, this.options.path);
    await this.handle.sync().catch((error: unknown) => {
      throw toDiskError(error, this.options.path);
    });
    return this.hash?.copy().digest('hex');
  }

  /** Every stretch, those that nobody can vouch for first: where to look for the bad byte of a wrong whole. */
  suspects(): JournalRecord[] {
    return [...this.records].sort(
      (a, b) => Number(b.adopted ?? false) - Number(a.adopted ?? false) || a.start - b.start,
    );
  }

  /** Reads everything again; stretches that are not what came over the line are dropped. Answers the bytes dropped. */
  async recheck(): Promise<number> {
    const before = this.held.total;
    await this.check(this.records);
    return before - this.held.total;
  }

  /** One CRC over what the disk holds in these stretches. */
  async crcOver(ranges: readonly Range[]): Promise<number> {
    const buffer = Buffer.allocUnsafe(pieceSize);
    let crc = 0;
    for (const range of ranges) crc = (await this.crcOf(range, buffer, undefined, crc)) ?? -1;
    return crc;
  }

  /** Forgets stretches, so that they are fetched again. */
  async drop(records: readonly JournalRecord[]): Promise<void> {
    const gone = new Set(records);
    await this.keep(this.records.filter((record) => !gone.has(record)));
  }

  /** Hashes the whole from the disk again, after stretches were replaced. */
  async rehash(): Promise<string | undefined> {
    await this.hashed();
    this.startHash();
    return this.finish();
  }

  /** Drops everything and begins anew. */
  async restart(): Promise<void> {
    await this.hashed();
    await this.settling;
    this.knownSource = undefined;
    await this.keep([]);
    this.startHash();
    await this.handle.truncate(0).catch((error: unknown) => {
      throw toDiskError(error, this.options.path);
    });
  }

  async close(): Promise<void> {
    this.closing = true;
    await this.hashing;
    await this.settling;
    await this.journal.close();
    await this.handle.close();
  }

  /** Takes the file and its journal off the disk; after `close`. */
  async remove(): Promise<void> {
    await rm(this.options.path, { force: true });
    await rm(this.options.journal, { force: true });
  }

  private async hashed(): Promise<void> {
    while (this.hashing !== undefined) await this.hashing;
  }

  private startHash(): void {
    const { kind, size } = this.options;
    this.hash = kind === undefined ? undefined : startHash(kind, size);
    this.hashedTo = 0;
  }

  private async keep(records: JournalRecord[]): Promise<void> {
    this.records = records;
    this.held = new Intervals(records);
    await this.journal.rewrite({ records, source: this.knownSource });
  }

  /** Reads the stretches and keeps those whose CRC fits; the hash goes along as far as they are unbroken. */
  private async check(records: readonly JournalRecord[]): Promise<void> {
    await this.hashed();
    this.startHash();
    const good: JournalRecord[] = [];
    const buffer = Buffer.allocUnsafe(pieceSize);
    let end = 0;
    for (const record of [...records].sort((a, b) => a.start - b.start)) {
      // Two backends at one file, or a journal that was tampered with: one of both is enough.
      if (record.start < end) continue;
      const hash = record.start === this.hashedTo ? this.hash?.copy() : undefined;
      if ((await this.crcOf(record, buffer, hash)) !== record.crc) continue;
      good.push(record);
      end = record.end;
      if (hash !== undefined) [this.hash, this.hashedTo] = [hash, record.end];
    }
    if (good.length < records.length) return this.keep(good);
    this.records = good;
    this.held = new Intervals(good);
  }

  /** Undefined when the file ends before. */
  private async crcOf(
    range: Range,
    buffer: Buffer,
    hash: Hash | undefined,
    before = 0,
  ): Promise<number | undefined> {
    let crc = before;
    for (let at = range.start; at < range.end;) {
      throwIfAborted(this.options.signal);
      const wanted = Math.min(buffer.length, range.end - at);
      const { bytesRead } = await this.handle.read(buffer, 0, wanted, at);
      if (bytesRead === 0) return undefined;
      const piece = buffer.subarray(0, bytesRead);
      crc = crc32(piece, crc);
      hash?.update(piece);
      at += bytesRead;
    }
    return crc;
  }

  /** Hashes in the background what is whole but came out of order; it is still in the system's cache. */
  private catchUp(): void {
    if (this.hash === undefined || this.hashing !== undefined || this.hashedTo >= this.held.frontier) return;
    this.hashing = this.hashUpTo()
      .catch((error: unknown) => {
        this.failure ??= error;
      })
      .finally(() => {
        this.hashing = undefined;
      });
  }

  private async hashUpTo(): Promise<void> {
    const buffer = Buffer.allocUnsafe(pieceSize);
    while (this.hashedTo < this.held.frontier && !this.closing && !this.options.signal.aborted) {
      const wanted = Math.min(buffer.length, this.held.frontier - this.hashedTo);
      const { bytesRead } = await this.handle.read(buffer, 0, wanted, this.hashedTo);
      if (bytesRead === 0) throw new Error(`${this.options.path} ends at ${this.hashedTo}`);
      this.hash?.update(buffer.subarray(0, bytesRead));
      this.hashedTo += bytesRead;
    }
  }

  private settle(bytes: number): void {
    this.unsettled += bytes;
    if (this.unsettled < settleEvery) return;
    this.unsettled = 0;
    // Should it fail, the CRCs tell at the next start what did not reach the disk.
    this.settling = this.settling
      .then(() => this.handle.datasync())
      .then(() => this.journal.sync())
      .catch(() => undefined);
  }
}

async function writeAll(
  handle: FileHandle,
  buffers: readonly Buffer[],
  position: number,
  bytes: number,
): Promise<void> {
  const { bytesWritten } = await handle.writev([...buffers], position);
  if (bytesWritten === bytes) return;
  // A disk that fills up takes a part first; the rest then fails with the reason.
  const rest = Buffer.concat(buffers).subarray(bytesWritten);
  for (let at = 0; at < rest.length;) {
    const written = await handle.write(rest, at, rest.length - at, position + bytesWritten + at);
    at += written.bytesWritten;
  }
}

/** Never through a link, where the system can tell. */
export function openForWriting(path: string): Promise<FileHandle> {
  // Absent on Windows.
  const noFollow = (constants as { O_NOFOLLOW?: number }).O_NOFOLLOW ?? 0;
  return open(path, constants.O_RDWR | constants.O_CREAT | noFollow, 0o666);
}
