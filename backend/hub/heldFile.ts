/** A small file on its way: held in memory until it is whole, then written by the disk's thread with others. */
import type { Hash } from 'node:crypto';
import type { DiskThread } from './disk/diskThread';
import type { WholeFile } from './disk/messages';
import { startHash } from './hashing';
import { PartialFile, type PartialFileOptions } from './partialFile';

/** Milliseconds after which what came goes to the disk all the same: a crash on a slow line must not cost more. */
const patience = 500;

export interface HeldFileOptions extends PartialFileOptions {
  readonly disk: Pick<DiskThread, 'put'>;
  readonly patience?: number;
}

export class HeldFile {
  private parts: Buffer[] = [];
  private bytes = 0;
  private hash: Hash | undefined;
  /** Where the file goes on once it took too long, was stopped, or the thread could not write it. */
  private onDisk: PartialFile | undefined;
  private readonly openedAt = performance.now();

  constructor(private readonly options: HeldFileOptions) {
    this.hash = this.freshHash();
  }

  get length(): number {
    return this.onDisk?.length ?? this.bytes;
  }

  async write(chunk: Buffer): Promise<void> {
    if (this.onDisk !== undefined) return this.onDisk.write(chunk);
    this.hash?.update(chunk);
    this.parts.push(chunk);
    this.bytes += chunk.length;
    if (performance.now() - this.openedAt > (this.options.patience ?? patience)) await this.moveToDisk();
  }

  async restart(): Promise<void> {
    if (this.onDisk !== undefined) return this.onDisk.restart();
    this.parts = [];
    this.bytes = 0;
    this.hash = this.freshHash();
  }

  /** The hash of the whole, in lower-case hex; what is held becomes durable only as it is placed. */
  finish(): Promise<string | undefined> {
    return this.onDisk?.finish() ?? Promise.resolve(this.hash?.copy().digest('hex'));
  }

  /** Makes the whole file durable and gives it its name. Answers whether the note was written too. */
  async place(destination: string, note?: WholeFile['note']): Promise<boolean> {
    if (this.onDisk !== undefined) return this.onDisk.place(destination);
    const { path: partial, disk } = this.options;
    // A copy of its own: the thread takes it over, and the parts are there for a second way.
    const content = new Uint8Array(this.bytes);
    let at = 0;
    for (const part of this.parts) {
      content.set(part, at);
      at += part.length;
    }
    const { outcome, noted } = await disk.put({ partial, destination, content, note });
    if (outcome === 'named') return noted;
    const onDisk = await this.moveToDisk();
    await onDisk.finish();
    return onDisk.place(destination);
  }

  /** Keeps what came, and lets go of the file. */
  async close(): Promise<void> {
    if (this.onDisk === undefined && this.bytes > 0) await this.moveToDisk().catch(() => undefined);
    await this.onDisk?.close();
  }

  private async moveToDisk(): Promise<PartialFile> {
    const opened = await PartialFile.open(this.options);
    this.onDisk = opened;
    if (opened.length > 0) await opened.restart();
    const { parts } = this;
    this.parts = [];
    for (const part of parts) await opened.write(part);
    return opened;
  }

  private freshHash(): Hash | undefined {
    const { kind, size } = this.options;
    return kind === undefined ? undefined : startHash(kind, size);
  }
}
