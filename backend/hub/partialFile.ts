/** A file on its way: what is there is hashed once, what comes is hashed and written as it comes. */
import { open, type FileHandle } from 'node:fs/promises';
import type { Hash } from 'node:crypto';
import { toDiskError } from './diskError';
import { hashInto, startHash, type HashKind } from './hashing';
import { install } from './install';
import { openForWriting } from './rangedFile';

export interface PartialFileOptions {
  readonly path: string;
  /** Of the whole file. */
  readonly size: number;
  /** Undefined: nothing to compare with, so nothing is hashed. */
  readonly kind: HashKind | undefined;
  readonly signal?: AbortSignal;
  /** Opens the file; replaced in tests of full disks. */
  readonly openFile?: (path: string) => Promise<FileHandle>;
}

/** Bytes gathered before they are written in one go. */
const batch = 1 << 20;
/** Milliseconds after which even less is written: on a slow line a crash must not cost minutes. */
const patience = 500;
/** Bytes after which the disk is asked to settle, so that the end does not wait for everything at once. */
const settleEvery = 64 << 20;

export class PartialFile {
  private gathered: Buffer[] = [];
  private gatheredBytes = 0;
  private writtenBytes: number;
  private unsettled = 0;
  private flushedAt = performance.now();
  private writing: Promise<void> = Promise.resolve();
  private settling: Promise<void> = Promise.resolve();
  private failure: unknown;

  private constructor(
    private readonly handle: FileHandle,
    private readonly options: PartialFileOptions,
    private hash: Hash | undefined,
    start: number,
  ) {
    this.writtenBytes = start;
  }

  /** Opens or makes the file, and hashes the bytes that it holds. */
  static async open(options: PartialFileOptions): Promise<PartialFile> {
    const { path, size, kind, signal } = options;
    const fresh = options.openFile === undefined ? await openNew(path) : undefined;
    const opened = fresh ?? (options.openFile ?? openForWriting)(path);
    const handle = await Promise.resolve(opened).catch((error: unknown) => {
      throw toDiskError(error, path);
    });
    try {
      let start = fresh === undefined ? (await handle.stat()).size : 0;
      if (start > size) {
        await handle.truncate(0);
        start = 0;
      }
      const hash = kind === undefined ? undefined : startHash(kind, size);
      if (hash !== undefined && start > 0) await hashInto(hash, path, start, signal);
      return new PartialFile(handle, options, hash, start);
    } catch (error) {
      await handle.close();
      throw toDiskError(error, path);
    }
  }

  /** Bytes from the file's beginning that are there or about to be. */
  get length(): number {
    return this.writtenBytes + this.gatheredBytes;
  }

  /** Returns once there is room for more; a write that failed throws here or at the next call. */
  async write(chunk: Buffer): Promise<void> {
    this.hash?.update(chunk);
    this.gathered.push(chunk);
    this.gatheredBytes += chunk.length;
    if (this.gatheredBytes >= batch || performance.now() - this.flushedAt > patience) await this.flush();
  }

  /** Drops everything and begins anew. */
  async restart(): Promise<void> {
    const { path, size, kind } = this.options;
    await this.settled();
    this.gathered = [];
    this.gatheredBytes = 0;
    this.writtenBytes = 0;
    this.hash = kind === undefined ? undefined : startHash(kind, size);
    await this.handle.truncate(0).catch((error: unknown) => {
      throw toDiskError(error, path);
    });
  }

  /** Writes what is gathered, makes it durable and answers the hash of the whole, in lower-case hex. */
  async finish(): Promise<string | undefined> {
    await this.flush();
    await this.settled();
    await this.handle.sync().catch((error: unknown) => {
      throw toDiskError(error, this.options.path);
    });
    return this.hash?.copy().digest('hex');
  }

  /** Lets go of the finished file and gives it its name. False: of a note beside it, nothing was written. */
  async place(destination: string): Promise<false> {
    await this.close();
    await install(this.options.path, destination);
    return false;
  }

  /** Keeps on disk as much as it can of what came, and lets go of the file. */
  async close(): Promise<void> {
    await this.flush().catch(() => undefined);
    await this.writing.catch(() => undefined);
    await this.settling.catch(() => undefined);
    await this.handle.close();
  }

  /** Hands the gathered bytes to the disk after the batch before: two batches are the most that memory holds. */
  private async flush(): Promise<void> {
    await this.writing;
    if (this.failure !== undefined) throw toDiskError(this.failure, this.options.path);
    this.flushedAt = performance.now();
    if (this.gatheredBytes === 0) return;
    const buffers = this.gathered;
    const position = this.writtenBytes;
    const bytes = this.gatheredBytes;
    this.gathered = [];
    this.gatheredBytes = 0;
    this.writtenBytes += bytes;
    this.writing = this.writeAll(buffers, position, bytes).catch((error: unknown) => {
      this.failure = error;
      this.writtenBytes = position;
    });
    this.unsettled += bytes;
    if (this.unsettled >= settleEvery) {
      this.unsettled = 0;
      await this.settling;
      this.settling = this.writing.then(() => this.handle.datasync()).catch(() => undefined);
    }
  }

  private async writeAll(buffers: Buffer[], position: number, bytes: number): Promise<void> {
    const { bytesWritten } = await this.handle.writev(buffers, position);
    if (bytesWritten === bytes) return;
    // A disk that fills up takes a part first; the rest then fails with the reason.
    const rest = Buffer.concat(buffers).subarray(bytesWritten);
    for (let at = 0; at < rest.length;) {
      const written = await this.handle.write(rest, at, rest.length - at, position + bytesWritten + at);
      at += written.bytesWritten;
    }
  }

  private async settled(): Promise<void> {
    await this.writing;
    await this.settling;
    if (this.failure !== undefined) throw toDiskError(this.failure, this.options.path);
  }
}

/** Undefined when there is something already, or it cannot be made: opening it then tells. */
function openNew(path: string): Promise<FileHandle | undefined> {
  return open(path, 'wx+', 0o666).catch(() => undefined);
}
