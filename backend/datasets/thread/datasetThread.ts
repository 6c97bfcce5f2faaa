/** The other end of the thread in which data sets are worked on; started when needed, ended when it idles. */
import { Worker } from 'node:worker_threads';
import { StudioError } from '../../../protocol/wire/errors';
import { language, say } from '../../language/say';
import type { InspectionProgress } from '../context';
import type { DatasetWork, Watched, WorkName } from '../work';
import { toError, type FromThread, type ThreadStart, type ToThread } from './messages';

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
  onProgress?: ((progress: InspectionProgress) => void) | undefined;
}

/** Then the memory of open data sets is given back; opening one again reads what is remembered. */
const idleMs = 10 * 60_000;
const heapMegabytes = 2048;

export class DatasetThread implements DatasetWork {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private idle: NodeJS.Timeout | undefined;
  private lastId = 0;

  constructor(
    private readonly options: {
      /** `datasets.js` of the build. */
      readonly entry: () => string | undefined;
      readonly storagePath: string;
    },
  ) {}

  inspect: DatasetWork['inspect'] = (params, watched) => this.ask('inspect', params, watched);
  rows: DatasetWork['rows'] = (params, watched) => this.ask('rows', params, watched);
  edit: DatasetWork['edit'] = (params, watched) => this.ask('edit', params, watched);
  normalize: DatasetWork['normalize'] = (params, watched) => this.ask('normalize', params, watched);
  undo: DatasetWork['undo'] = (params, watched) => this.ask('undo', params, watched);
  redo: DatasetWork['redo'] = (params, watched) => this.ask('redo', params, watched);
  preview: DatasetWork['preview'] = (params, watched) => this.ask('preview', params, watched);
  write: DatasetWork['write'] = (params, watched) => this.ask('write', params, watched);
  clip: DatasetWork['clip'] = (params, watched) => this.ask('clip', params, watched);
  extract: DatasetWork['extract'] = (params, watched) => this.ask('extract', params, watched);
  fixes: DatasetWork['fixes'] = (params, watched) => this.ask('fixes', params, watched);

  async close(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    clearTimeout(this.idle);
    await worker?.terminate();
    this.fail(new StudioError('cancelled', say`Goya is closing.`));
  }

  private ask<T>(name: WorkName, params: unknown, { signal, onProgress }: Watched): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      signal.throwIfAborted();
      const worker = (this.worker ??= this.start());
      clearTimeout(this.idle);
      const id = (this.lastId += 1);
      const post = (message: ToThread): void => worker.postMessage(message);
      const cancel = (): void => post({ id, cancel: true });
      const settled = (): void => signal.removeEventListener('abort', cancel);
      this.waiting.set(id, {
        // The thread answers what it was asked for.
        resolve: (result) => (settled(), resolve(result as T)),
        reject: (error) => (settled(), reject(error)),
        onProgress,
      });
      signal.addEventListener('abort', cancel, { once: true });
      worker.ref();
      post({ id, name, params });
    });
  }

  private start(): Worker {
    const entry = this.options.entry();
    if (entry === undefined) throw new Error('datasets.js is not in the build');
    const start: ThreadStart = { storagePath: this.options.storagePath, locale: language() };
    const worker = new Worker(entry, {
      workerData: start,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    });
    worker.stdout.resume();
    worker.stderr.resume();
    worker.on('message', (message: FromThread) => this.take(message));
    const gone = (error: Error): void => {
      if (this.worker !== worker) return;
      this.worker = undefined;
      this.fail(error);
    };
    worker.on('error', (error: NodeJS.ErrnoException) =>
      gone(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooLarge(error) : error),
    );
    worker.on('exit', (code) => gone(new Error(`the data set thread ended with ${code}`)));
    return worker;
  }

  private take(message: FromThread): void {
    const waiting = this.waiting.get(message.id);
    if ('progress' in message) return waiting?.onProgress?.(message.progress);
    this.waiting.delete(message.id);
    if ('failure' in message) waiting?.reject(toError(message.failure));
    else waiting?.resolve(message.result);
    if (this.waiting.size === 0) this.rest();
  }

  /** Waiting work keeps the process, a thread that idles does not. */
  private rest(): void {
    this.worker?.unref();
    clearTimeout(this.idle);
    this.idle = setTimeout(() => {
      const { worker } = this;
      this.worker = undefined;
      void worker?.terminate();
    }, idleMs).unref();
  }

  private fail(error: Error): void {
    const all = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of all) reject(error);
  }
}

function tooLarge(cause: Error): StudioError {
  const message = say`The data set does not fit into memory. Split its table into several.`;
  return new StudioError('dataset.tooLarge', message, { cause });
}
