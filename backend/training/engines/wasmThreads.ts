/**
 * tfjs leaves the threads of its WebAssembly build to browsers: its loader starts workers from a Blob's address and hands
 * them a Blob with their program, neither of which Node's workers take. Here it gets workers of Node's, which read that
 * program from the disk.
 */
import os from 'node:os';
import { Worker } from 'node:worker_threads';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { wasmWorkerContents } from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js';
import { env } from '@tensorflow/tfjs-core';

/** tfjs's threaded build has workers for so many. */
const mostThreads = 8;
/** Workers start in a fraction of a second; a machine may be busy. */
const patience = 20_000;

/**
 * `GOYA_WASM_THREADS`, or one. More are not taken unasked: threads that wait for the next operation spin, so that small
 * networks, and any network on a busy machine, take several times as long.
 */
export function wantedThreads(asked = process.env['GOYA_WASM_THREADS']): number {
  const given = Number(asked ?? '');
  return Number.isInteger(given) && given > 0 ? Math.min(given, mostThreads) : 1;
}

/**
 * Runs `start`, which makes tfjs's backend, so that it starts so many threads. What is changed for that is changed back.
 * Rejects when a worker fails to start; then `start` alone still works.
 * @param loader the file of the threaded build's loader
 */
export async function withThreads<T>(threads: number, loader: string, start: () => Promise<T>): Promise<T> {
  const workers: Worker[] = [];
  let fail: ((reason: unknown) => void) | undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  class LoaderWorker extends Worker {
    constructor() {
      // tfjs, too, writes line ends out before it makes a program of this text.
      super(wasmWorkerContents.replaceAll('\n', '\\n'), { eval: true });
      workers.push(this);
    }

    override postMessage(message: unknown): void {
      const isLoad = typeof message === 'object' && message !== null && 'urlOrBlob' in message;
      super.postMessage(isLoad ? { ...message, urlOrBlob: loader } : message);
    }

    /** The loader throws the error of a worker out of reach of whoever waits for the start. */
    override on(event: string, listener: (...given: never[]) => void): this {
      const told = (error: unknown): void => (fail === undefined ? listener(error as never) : fail(error));
      return super.on(event, event === 'error' ? told : (listener as (...given: unknown[]) => void));
    }
  }
  const restore = disguise(LoaderWorker, threads);
  const timer = setTimeout(
    () => fail?.(new Error('the threads of WebAssembly did not start in time')),
    patience,
  );
  try {
    env().set('WASM_HAS_MULTITHREAD_SUPPORT', true);
    setThreadsCount(threads);
    return await Promise.race([start(), failed]);
  } catch (error) {
    env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    await Promise.all(workers.map((one) => one.terminate()));
    throw error;
  } finally {
    clearTimeout(timer);
    fail = undefined;
    restore();
  }
}

/** What the loader takes from its surroundings: a `Worker`, and the number of processors, of which it uses half. */
function disguise(loaderWorker: typeof Worker, threads: number): () => void {
  const { cpus } = os;
  const before = Object.getOwnPropertyDescriptor(globalThis, 'Worker');
  // The loader puts Node's own there just before it asks for it.
  const descriptor = { get: () => loaderWorker, set: () => undefined, configurable: true };
  Object.defineProperty(globalThis, 'Worker', descriptor);
  os.cpus = () => {
    const [one] = cpus();
    return one === undefined ? [] : Array.from({ length: 2 * threads }, () => one);
  };
  return () => {
    os.cpus = cpus;
    if (before === undefined) Reflect.deleteProperty(globalThis, 'Worker');
    else Object.defineProperty(globalThis, 'Worker', before);
  };
}
