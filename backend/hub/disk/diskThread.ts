/** Small whole files go to the disk on a thread of their own: there each costs one message instead of ten waits. */
import { Worker } from 'node:worker_threads';
import type { PutAnswer, PutRequest, WholeFile } from './messages';

type Outcome = Pick<PutAnswer, 'outcome' | 'noted'>;

const failed: Outcome = { outcome: 'failed', noted: false };

export class DiskThread {
  private worker: Worker | undefined;
  private readonly pending = new Map<number, (outcome: Outcome) => void>();
  private queued: PutRequest[] = [];
  private lastId = 0;

  /** `entry`: `disk.js` of the build; without one nothing can be put. */
  constructor(private readonly entry: () => string | undefined) {}

  /** Never rejects: what `failed` is to be written by other means, which then tell the reason. */
  put(file: WholeFile): Promise<Outcome> {
    return new Promise((resolve) => {
      const id = (this.lastId += 1);
      this.pending.set(id, resolve);
      // Those of one turn of the event loop go as one message.
      if (this.queued.push({ id, file }) === 1) setImmediate(() => this.send());
    });
  }

  async close(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
    this.fail();
  }

  private send(): void {
    const requests = this.queued;
    this.queued = [];
    this.worker ??= this.start();
    if (this.worker === undefined) return this.fail();
    this.worker.postMessage(
      requests,
      requests.map(({ file }) => file.content.buffer),
    );
  }

  private start(): Worker | undefined {
    const entry = this.entry();
    if (entry === undefined) return undefined;
    const worker = new Worker(entry, { stdout: true, stderr: true });
    worker.stdout.resume();
    worker.stderr.resume();
    worker.on('message', (answers: readonly PutAnswer[]) => {
      for (const { id, outcome, noted } of answers) this.settle(id, { outcome, noted });
    });
    const gone = (): void => {
      if (this.worker !== worker) return;
      this.worker = undefined;
      this.fail();
    };
    worker.on('error', gone).on('exit', gone);
    // A file that is on its way keeps the process, a thread that waits does not.
    worker.unref();
    return worker;
  }

  private settle(id: number, outcome: Outcome): void {
    this.pending.get(id)?.(outcome);
    this.pending.delete(id);
  }

  private fail(): void {
    for (const id of [...this.pending.keys()]) this.settle(id, failed);
  }
}
