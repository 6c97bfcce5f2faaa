/** Decoded sound that was heard once and may be wanted again: in blobs, which the browser keeps outside of the page. */

/** 16 bits hold what lossy files have; of deeper ones nothing is lost. */
export type StoreDepth = 16 | 32;

export class SampleStore {
  private readonly blobs: Blob[] = [];
  private stored = 0;

  constructor(
    private readonly channels: number,
    private readonly depth: StoreDepth,
    /** Frames of every piece but the last. */
    private readonly pieceFrames: number,
  ) {}

  get frames(): number {
    return this.stored;
  }

  /** Pieces come in order. */
  append(channels: readonly Float32Array[]): void {
    const frames = channels[0]?.length ?? 0;
    const mixed =
      this.depth === 16 ? new Int16Array(frames * this.channels) : new Float32Array(frames * this.channels);
    channels.forEach((samples, channel) => {
      for (let i = 0; i < frames; i++) {
        const value = samples[i] ?? 0;
        mixed[i * this.channels + channel] =
          this.depth === 32 ? value : Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)));
      }
    });
    this.blobs.push(new Blob([mixed]));
    this.stored += frames;
  }

  /** What is stored of `[start, start + count)`. */
  async read(start: number, count: number): Promise<Float32Array[]> {
    const from = Math.max(0, start);
    const to = Math.max(from, Math.min(this.stored, start + count));
    const out = Array.from({ length: this.channels }, () => new Float32Array(to - from));
    for (let at = from; at < to;) {
      const piece = Math.floor(at / this.pieceFrames);
      const first = at - piece * this.pieceFrames;
      const length = Math.min(to - at, this.pieceFrames - first);
      await this.copy(this.blobs[piece], first, length, out, at - from);
      at += length;
    }
    return out;
  }

  private async copy(
    blob: Blob | undefined,
    first: number,
    length: number,
    out: readonly Float32Array[],
    at: number,
  ): Promise<void> {
    const frameBytes = (this.depth / 8) * this.channels;
    const bytes = await blob?.slice(first * frameBytes, (first + length) * frameBytes).arrayBuffer();
    if (bytes === undefined) return;
    const mixed = this.depth === 16 ? new Int16Array(bytes) : new Float32Array(bytes);
    const scale = this.depth === 16 ? 1 / 32_768 : 1;
    out.forEach((samples, channel) => {
      for (let i = 0; i < length; i++) samples[at + i] = (mixed[i * this.channels + channel] ?? 0) * scale;
    });
  }
}
