/** A published model in this page: a worker with TensorFlow.js, made when it is first asked and ended when it is freed. */
import { StudioError } from '../../../protocol/wire/errors';
import { fetchBlob } from '../../common/fetchBytes';
import type { ChosenEngine, EngineChoice, PassedOver } from '../engineNames';
import type { Answer } from '../resultView';
import type { FolderFile } from '../worker/blobFolder';
import {
  soundPiece,
  workerFile,
  workerFree,
  workerLoad,
  workerProgress,
  workerRun,
} from '../worker/messages';
import { outputOf, SpokenPieces } from './output';
import { startWorker, type WorkerPeer } from './workerPeer';
import type { Asked, Freed, ModelWorker, WorkEvents } from './work';

export interface PageModel {
  /** Inside the webview, ending in `/`. */
  readonly uri: string;
  readonly files: readonly FolderFile[];
  readonly engine: EngineChoice;
  /** Folder of the WASM binaries, ending in `/`; the worker's bundle lies beside it. */
  readonly wasmUri: string;
}

interface Loaded {
  readonly worker: WorkerPeer;
  readonly engine: ChosenEngine;
  readonly loadMs: number;
}

/** TensorFlow.js wants an address for each; the third needs memory that threads share, which a webview has not. */
const wasmNames = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'] as const;
const threaded = 'tfjs-backend-wasm-threaded-simd.wasm';

export class PageWorker implements ModelWorker {
  readonly place = 'page';
  private loaded: Promise<Loaded> | undefined;
  private without: PassedOver[] = [];

  constructor(private readonly model: PageModel) {}

  async run(asked: Asked, events: WorkEvents): Promise<Answer> {
    try {
      return await this.ask(asked, events);
    } catch (error) {
      const failed = failedEngine(error);
      if (failed === undefined || this.model.engine !== 'auto') throw error;
      // What a graphics card cannot do another engine can: a fresh worker has nothing of the failed one.
      await this.free();
      this.without = [...this.without, failed];
      return this.run(asked, events);
    }
  }

  async free(): Promise<Freed | undefined> {
    const { loaded } = this;
    this.loaded = undefined;
    const ready = await loaded?.catch(() => undefined);
    if (ready === undefined) return undefined;
    try {
      return await ready.worker.peer.call(workerFree, {});
    } finally {
      ready.worker.end();
    }
  }

  private async ask({ text, sound, parameters }: Asked, events: WorkEvents): Promise<Answer> {
    if (this.loaded === undefined) {
      events.onLoading();
      this.loaded = this.load();
      this.loaded.catch(() => (this.loaded = undefined));
    }
    const { worker, engine, loadMs } = await this.loaded;
    events.signal.throwIfAborted();
    const token = crypto.randomUUID();
    const spoken = new SpokenPieces();
    const stop = worker.peer.onNotification(workerProgress, (progress) => {
      if (progress.token !== token) return;
      const { value } = progress;
      const piece = soundPiece.safeParse(value);
      if (piece.success) {
        spoken.add(piece.data);
        events.onSound(piece.data);
      } else if ('piece' in value) events.onWritten(value);
      else if ('segments' in value) events.onHearing(value);
    });
    try {
      const { output, runMs, audioSeconds, memory } = await worker.peer.call(
        workerRun,
        {
          token,
          ...(text === undefined ? {} : { text }),
          ...(sound === undefined ? {} : { sound: { samples: sound.samples, sampleRate: sound.sampleRate } }),
          ...(parameters === undefined ? {} : { parameters }),
        },
        events.signal,
      );
      return {
        engine: engine.name,
        passedOver: engine.passedOver,
        loadMs,
        firstMs: spoken.firstMs,
        memory: memory.bytes,
        tensors: memory.tensors,
        seconds: audioSeconds,
        output: {
          runMs,
          ...(spoken.pieces.length > 0 ? { sound: spoken.sound() } : outputOf(output)),
        },
      };
    } finally {
      stop();
    }
  }

  private async load(): Promise<Loaded> {
    const { uri, files, engine, wasmUri } = this.model;
    const started = performance.now();
    const worker = await startWorker(new URL('../modelWorker.js', new URL(wasmUri, document.baseURI)).href);
    worker.peer.handle(workerFile, async ({ name }) => ({
      blob: await fetchBlob(uri + encodeURIComponent(name)),
    }));
    const wasm: Record<string, string> = {};
    try {
      // A worker made from a blob is no part of the page's own addresses: what it loads is handed to it.
      for (const name of wasmNames) wasm[name] = URL.createObjectURL(await fetchBlob(wasmUri + name));
      wasm[threaded] = wasm[wasmNames[1]] ?? '';
      const asked = { files: [...files], engine, without: this.without, wasm };
      const chosen = await worker.peer.call(workerLoad, asked);
      return { worker, engine: chosen.engine, loadMs: performance.now() - started };
    } catch (error) {
      worker.end();
      throw error;
    } finally {
      for (const address of Object.values(wasm)) URL.revokeObjectURL(address);
    }
  }
}

function failedEngine(error: unknown): PassedOver | undefined {
  if (!(error instanceof StudioError) || error.kind !== 'engine.unavailable') return undefined;
  const { engine, reason } = error.details ?? {};
  const name = (['webgpu', 'webgl', 'wasm', 'cpu'] as const).find((one) => one === engine);
  return name === undefined ? undefined : { name, reason: String(reason) };
}
