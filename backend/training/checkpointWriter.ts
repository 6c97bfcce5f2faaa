/**
 * Who puts checkpoints on the disk. A step waits for none of it where a thread does it: the training thread only copies
 * the tensors. Written aside, made durable, renamed and pruned the same way by both.
 */
import { Worker } from 'node:worker_threads';
import { StudioError, type ErrorKind } from '../../protocol/wire/errors';
import { pruneCheckpoints, saveCheckpoint, type CheckpointContent } from './checkpoint';
import { findUp } from './engines/place';

export interface CheckpointJob {
  readonly parent: string;
  readonly content: CheckpointContent;
  readonly best: boolean;
  /** How many of the newest stay. */
  readonly keep: number;
  /** The best one so far, where this is not it. */
  readonly spared: readonly string[];
}

export interface WrittenCheckpoint {
  readonly folder: string;
  /** Folders of older ones that were deleted. */
  readonly removed: readonly string[];
}

export interface CheckpointWriter {
  /** Whether training may go on meanwhile. */
  readonly inBackground: boolean;
  /** Resolves when the checkpoint would outlast a power cut. Throws `training.outputFailed`. */
  write(job: CheckpointJob): Promise<WrittenCheckpoint>;
  close(): Promise<void>;
}

export async function writeCheckpoint(job: CheckpointJob): Promise<WrittenCheckpoint> {
  const { parent, content, best, keep, spared } = job;
  const folder = await saveCheckpoint(parent, content);
  return { folder, removed: await pruneCheckpoints(parent, keep, best ? [folder] : spared) };
}

/** In the thread that asks. */
export const directWriter: CheckpointWriter = {
  inBackground: false,
  write: writeCheckpoint,
  close: () => Promise.resolve(),
};

/** What the thread answers. */
export type CheckpointReply =
  | { readonly id: number; readonly written: WrittenCheckpoint }
  | { readonly id: number; readonly failure: CheckpointFailure };

export interface CheckpointFailure {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;
}

/** The thread's program; undefined where it was not built. */
export function writerEntry(): string | undefined {
  return findUp('checkpointWriter.js');
}

interface Waiting {
  resolve(written: WrittenCheckpoint): void;
  reject(error: Error): void;
}

/** In a thread of its own, which ends with this process: what it had not renamed yet is swept at the next start. */
export class ThreadWriter implements CheckpointWriter {
  readonly inBackground = true;
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  /** Why the thread is gone: a write that is asked for afterwards would wait for ever. */
  private gone: StudioError | undefined;

  constructor(entry: string) {
    this.worker = new Worker(entry);
    this.worker.on('message', (reply: CheckpointReply) => {
      const asked = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      if ('written' in reply) asked?.resolve(reply.written);
      else asked?.reject(errorOf(reply.failure));
    });
    this.worker.on('error', (error) => this.fail(error));
    this.worker.on('exit', () => this.fail(new Error('it ended')));
  }

  write(job: CheckpointJob): Promise<WrittenCheckpoint> {
    if (this.gone !== undefined) return Promise.reject(this.gone);
    return new Promise((resolve, reject) => {
      const id = (this.lastId += 1);
      this.waiting.set(id, { resolve, reject });
      const { weights, optimizer } = job.content;
      const buffers = [...new Set([weights.buffer, optimizer.buffer])];
      this.worker.postMessage({ id, job }, buffers as ArrayBuffer[]);
    });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private fail(cause: Error): void {
    const message = `The thread that writes checkpoints failed (${cause.message}). Resume the run from its last checkpoint.`;
    // What it threw comes before that it ended, and says more.
    this.gone ??= new StudioError('training.outputFailed', message, { cause });
    for (const { reject } of this.waiting.values()) reject(this.gone);
    this.waiting.clear();
  }
}

function errorOf({ kind, message, details }: CheckpointFailure): StudioError {
  return new StudioError(kind, message, details === undefined ? {} : { details: { ...details } });
}
