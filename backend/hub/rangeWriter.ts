import type { Range } from './intervals';
import type { RangedFile } from './rangedFile';

/** Memory that one piece on its way may hold before it is written. */
const batch = 512 << 10;
/** Milliseconds after which even less is written: what is not journalled is lost when the process is killed. */
const patience = 20;

/** Gathers what one connection brings and hands it to the disk in batches, one behind the other. */
export class RangeWriter {
  private buffers: Buffer[] = [];
  private bytes = 0;
  private writing: Promise<void> = Promise.resolve();
  private failure: unknown;
  private flushedAt = performance.now();
  position: number;
  readonly end: number;

  constructor(
    private readonly file: RangedFile,
    range: Range,
  ) {
    this.position = range.start;
    this.end = range.end;
  }

  async write(chunk: Buffer): Promise<void> {
    this.buffers.push(chunk);
    this.bytes += chunk.length;
    this.position += chunk.length;
    this.file.gather(chunk.length);
    if (this.bytes >= batch || performance.now() - this.flushedAt > patience) await this.flush();
  }

  /** Everything is written, or this throws. */
  async finish(): Promise<void> {
    await this.flush();
    await this.writing;
    if (this.failure !== undefined) throw this.failure as Error;
  }

  private async flush(): Promise<void> {
    await this.writing;
    if (this.failure !== undefined) throw this.failure as Error;
    this.flushedAt = performance.now();
    if (this.bytes === 0) return;
    const { buffers, bytes } = this;
    this.buffers = [];
    this.bytes = 0;
    this.writing = this.file.write(this.position - bytes, buffers).catch((error: unknown) => {
      this.failure = error;
    });
  }
}
