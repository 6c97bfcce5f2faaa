/** Computes columns in a worker, so that drawing and keys never wait for them; where none starts, in the page. */
import { Spectra, type Scale } from './spectra';
import type { SpectraAnswer, SpectraRequest } from './spectraWorker';

export type ComputeColumns = (sampleRate: number, scale: Scale, windows: Float32Array) => Promise<Uint8Array>;

/** Beside the page's own script. */
const workerFile = 'audioSpectra.js';

export function spectraRunner(): ComputeColumns {
  let worker: Promise<ComputeColumns> | undefined;
  return async (sampleRate, scale, windows) => {
    worker ??= inWorker().catch(() => inPage);
    return (await worker)(sampleRate, scale, windows);
  };
}

export const inPage: ComputeColumns = (sampleRate, scale, windows) =>
  Promise.resolve(new Spectra(sampleRate, scale).columns(windows));

/** A page's policy lets workers start from blobs only; the script's text comes from the page's own folder. */
async function inWorker(): Promise<ComputeColumns> {
  const response = await fetch(new URL(workerFile, import.meta.url));
  if (!response.ok) throw new Error(`${workerFile} did not come: ${response.status}`);
  const address = URL.createObjectURL(new Blob([await response.text()], { type: 'text/javascript' }));
  const worker = new Worker(address);
  const waiting = new Map<number, { resolve(columns: Uint8Array): void; reject(error: unknown): void }>();
  worker.addEventListener('message', ({ data }: MessageEvent<SpectraAnswer>) => {
    waiting.get(data.id)?.resolve(data.columns);
    waiting.delete(data.id);
  });
  worker.addEventListener('error', (event) => {
    for (const { reject } of waiting.values()) reject(new Error(event.message));
    waiting.clear();
  });
  let last = 0;
  return (sampleRate, scale, windows) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve, reject });
      const request: SpectraRequest = { id, sampleRate, scale, windows };
      worker.postMessage(request, [windows.buffer]);
    });
}
