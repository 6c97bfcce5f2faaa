import { StudioError } from '../../protocol/wire/errors';
import type { RangedFile } from './rangedFile';
import { RangeWriter } from './rangeWriter';
import type { StallWatch } from './stallWatch';

export interface ReceiverOptions {
  readonly target: RangedFile;
  /** The file, as the subject of a sentence. */
  readonly subject: string;
  readonly stall: StallWatch;
  /** Waits until the bytes are within the limit. */
  readonly pay: (bytes: number) => Promise<void> | undefined;
  readonly onBytes: (bytes: number) => void;
  /** Whether to stop here, although more could come. */
  readonly giveWay: () => boolean;
}

/** Takes what one connection sends to where it belongs; what is there already is passed over. */
export class RangeReceiver {
  private writer: RangeWriter | undefined;

  constructor(private readonly options: ReceiverOptions) {}

  /** `body` begins at `start`; bytes from `end` on are not wanted. False when it gave way. Keeps all that came. */
  async receive(body: AsyncIterable<Buffer>, start: number, end: number): Promise<boolean> {
    const { stall, subject, pay, onBytes, giveWay } = this.options;
    let position = start;
    try {
      for await (const chunk of body) {
        if (position >= end) break;
        stall.pause();
        const wanted = chunk.subarray(0, end - position);
        await this.take(wanted, position, end);
        position += wanted.length;
        onBytes(wanted.length);
        const payment = pay(wanted.length);
        if (payment !== undefined) await payment;
        stall.resume();
        if (position < end && giveWay()) return false;
      }
      if (position >= end) return true;
    } finally {
      await this.writer?.finish();
    }
    throw new StudioError(
      'hub.unreachable',
      `The connection for ${subject} ended after ${position - start} of ${end - start} bytes. Resume to go on from there.`,
      { retryable: true },
    );
  }

  private async take(chunk: Buffer, start: number, end: number): Promise<void> {
    for (let at = 0; at < chunk.length;) {
      const writer = await this.writerFor(start + at, end);
      if (writer === undefined) return;
      at = Math.max(at, writer.position - start);
      const part = chunk.subarray(at, at + writer.end - writer.position);
      if (part.length > 0) await writer.write(part);
      at += part.length;
    }
  }

  private async writerFor(position: number, end: number): Promise<RangeWriter | undefined> {
    if (this.writer !== undefined && this.writer.position < this.writer.end) return this.writer;
    await this.writer?.finish();
    this.writer = undefined;
    const gap = this.options.target.gap({ start: position, end });
    if (gap !== undefined) this.writer = new RangeWriter(this.options.target, gap);
    return this.writer;
  }
}
