import type { FileHandle } from 'node:fs/promises';
import type { StudioError } from '../../protocol/wire/errors';
import type { HubApi } from './api';
import type { FileIdentity } from './body';
import type { DiskThread } from './disk/diskThread';
import type { WholeFile } from './disk/messages';
import type { RateLimiter } from './rateLimiter';
import type { BackoffOptions } from './retry';

export interface TransferOptions {
  readonly api: HubApi;
  readonly file: FileIdentity;
  /** Where the bytes gather; its folder exists. */
  readonly partial: string;
  /** The final name; its folder exists. */
  readonly destination: string;
  readonly signal: AbortSignal;
  readonly limiter?: RateLimiter | undefined;
  /** Called with the bytes there so far; falls when a file has to begin anew. */
  readonly onBytes?: (bytes: number) => void;
  /** Called when an attempt failed and another follows. */
  readonly onRetry?: (error: StudioError, waitMs: number) => void;
  /** Milliseconds without a byte after which the connection is given up (default 30 s). */
  readonly stallTimeout?: number;
  readonly backoff?: BackoffOptions;
  /** Attempts in a row that bring no byte before it fails (default 7). */
  readonly maxAttempts?: number;
  readonly openFile?: (path: string) => Promise<FileHandle>;
  /** Connections for one large file, asked for again and again (default 4). */
  readonly parallelRanges?: () => number;
  /** Bytes from which on a file is fetched in ranges (default 32 MiB), and the bytes of one (default 16 MiB). */
  readonly rangesFrom?: number;
  readonly rangeSize?: number;
  /** Where whole small files may be written; only for a file of which nothing is on disk. */
  readonly disk?: DiskThread | undefined;
  /** What is to be written beside the finished file, by its etag. */
  readonly note?: ((etag: string | undefined) => NonNullable<WholeFile['note']>) | undefined;
  /** Called when every byte came and is proved: what follows needs no connection. */
  readonly onReceived?: () => void;
}

export interface Transferred {
  /** What the file is known by: from the listing, else from the hub's answer. */
  readonly etag: string | undefined;
  /** Whether the note was written. */
  readonly noted: boolean;
}
