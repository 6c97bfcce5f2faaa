/**
 * A compressed recording: decoded once from its start, while it is measured, and kept for what is looked at and played
 * later. Asking for a part that was not reached yet waits for it.
 */
import { compressedInfo, type CompressedInfo } from '../../ml/audio/decode/soundInfo';
import { decodeStream } from '../../ml/audio/decode/decodeSound';
import type { CompressedKind } from '../../ml/audio/decode/sniff';
import type { RandomReader } from '../../ml/audio/wav';
import { MlError } from '../../ml/errors';
import { Slice } from '../common/slices';
import { blockFrames } from './peaks';
import type { Piece, Samples } from './samples';
import { SampleStore } from './sampleStore';

const pieceFrames = blockFrames * 256;

export async function streamedSamples(source: RandomReader, kind: CompressedKind): Promise<Samples> {
  const found = await compressedInfo(source, kind);
  const frames = found.frames ?? (await countFrames(source, found));
  if (frames === 0) throw new MlError('audio.invalid', 'There is a header, but no sound after it.');
  return new Streamed(source, { ...found, frames });
}

/** For the few files that do not say how long they are: by decoding them, keeping nothing. */
async function countFrames(source: RandomReader, info: CompressedInfo): Promise<number> {
  const slice = new Slice(new AbortController().signal);
  let frames = 0;
  for await (const { channels } of decodeStream(source, info)) {
    frames += channels[0]?.length ?? 0;
    await slice.breathe();
  }
  return frames;
}

class Streamed implements Samples {
  readonly sampleRate: number;
  readonly channels: number;
  readonly frames: number;
  readonly seconds: number;
  readonly wav = undefined;
  readonly random = false;
  readonly compressed: CompressedInfo;
  private readonly store: SampleStore;
  private readonly waiting = new Set<() => void>();
  /** Why no more comes. */
  private ended: { readonly error: unknown } | undefined;

  constructor(
    private readonly source: RandomReader,
    info: CompressedInfo & { readonly frames: number },
  ) {
    this.compressed = info;
    this.sampleRate = info.sampleRate;
    this.channels = info.channels;
    this.frames = info.frames;
    this.seconds = info.frames / info.sampleRate;
    this.store = new SampleStore(info.channels, info.bits > 16 ? 32 : 16, pieceFrames);
  }

  async read(start: number, count: number): Promise<Float32Array[]> {
    const end = Math.min(this.frames, start + count);
    while (this.store.frames < end && this.ended === undefined)
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    return this.store.read(start, count);
  }

  async readMany(starts: readonly number[], count: number): Promise<Float32Array[][]> {
    return Promise.all(starts.map((start) => this.read(start, count)));
  }

  /** To be gone through once: this is what decodes. */
  async *pieces(signal: AbortSignal): AsyncGenerator<Piece> {
    try {
      yield* this.decode(signal);
      this.end(undefined);
    } catch (error) {
      this.end(error);
      throw error;
    }
  }

  private async *decode(signal: AbortSignal): AsyncGenerator<Piece> {
    const slice = new Slice(signal);
    const gathered = Array.from({ length: this.channels }, () => new Float32Array(pieceFrames));
    let filled = 0;
    let start = 0;
    const take = (): Piece => {
      const channels = gathered.map((samples) => samples.slice(0, filled));
      this.store.append(channels);
      this.wake();
      const piece = { start, channels };
      start += filled;
      filled = 0;
      return piece;
    };
    for await (const { channels } of decodeStream(this.source, this.compressed)) {
      await slice.breathe();
      const length = channels[0]?.length ?? 0;
      for (let from = 0; from < length && start + filled < this.frames;) {
        const room = Math.min(pieceFrames - filled, length - from, this.frames - start - filled);
        channels.forEach((samples, i) => gathered[i]?.set(samples.subarray(from, from + room), filled));
        filled += room;
        from += room;
        if (filled === pieceFrames) yield take();
      }
    }
    if (filled > 0) yield take();
    const missing = (this.frames - start) / this.sampleRate;
    if (missing > 0.1)
      throw new MlError(
        'audio.invalid',
        `The file is cut off or damaged: the last ${missing.toFixed(1)} s of ${this.seconds.toFixed(1)} s could not be decoded.`,
      );
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }

  private end(error: unknown): void {
    this.ended = { error };
    this.wake();
  }
}
