import type { ModelsProgress } from '../../../protocol/api/models';

export interface Watched {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ModelsProgress) => void) | undefined;
}

/** Counts the bytes of a piece of work over all its files. */
export class ByteCount {
  private done = 0;

  constructor(
    private readonly total: number,
    private readonly watched: Watched,
  ) {}

  add(file: string, bytes: number): void {
    this.done += bytes;
    this.watched.onProgress?.({ file, bytesDone: Math.min(this.done, this.total), bytesTotal: this.total });
  }
}
