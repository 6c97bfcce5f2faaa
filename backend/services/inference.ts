/** `inference/run`: trained, downloaded and bare tf.js models, in a child process that is ended when it is idle or unwanted. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import type { InferenceParams, InferenceProgress, InferenceResult } from '../../protocol/model/inference';
import type { Settings } from '../../protocol/model/settings';
import { StudioError } from '../../protocol/wire/errors';
import { InferenceProcess } from '../inference/inferenceProcess';
import { openModelFolder } from '../inference/modelFolder';
import { openPublishedFolder } from '../inference/publishedFolder';
import type { RuntimeChoice } from '../inference/runtimeChoice';
import { openRuntimeFolder, type RuntimeFolder } from '../inference/runtimeFolder';
import type { Runtimes } from '../inference/runtimes';
import { describeEngines, describeOnnx } from '../training/engines/describe';
import { findOnnx } from '../training/engines/locate';
import { findUp } from '../training/engines/place';

export interface InferenceServiceOptions {
  readonly log: Logger;
  readonly storagePath: string;
  readonly settings: () => Settings;
  /** Of models beside tf.js's. */
  readonly runtimes: Pick<Runtimes, 'detect'>;
  /** The process's bundle; beside this one by default. */
  readonly entry?: string;
  /** Milliseconds without a request after which the process, and its memory, is given back. */
  readonly idleMs?: number;
  /** Longest a request may take, in milliseconds. */
  readonly timeoutMs?: number;
}

const defaultIdle = 5 * 60_000;
const defaultTimeout = 10 * 60_000;

export class InferenceService {
  private process: InferenceProcess | undefined;
  private idleTimer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly options: InferenceServiceOptions) {}

  /** Throws `model.notFound`, `model.unsupported`, `model.corrupt`, `inference.invalidInput`, `engine.unavailable`, or `cancelled`. */
  async run(
    params: InferenceParams,
    signal: AbortSignal,
    onProgress?: (progress: InferenceProgress) => void,
  ): Promise<InferenceResult> {
    if (this.closed) throw new StudioError('cancelled', 'The backend is ending; no model is run any more.');
    // Before a process is started for nothing.
    const published = await openPublishedFolder(params.modelPath);
    const found = published === undefined ? await this.runtimeFolder(params.modelPath) : undefined;
    if (published === undefined && found === undefined) await openModelFolder(params.modelPath);
    const runtime = found && (await this.chosen(found, params));
    const engine = params.engine ?? this.options.settings().training?.engine ?? 'auto';
    if (runtime === undefined) await this.requireEngine(engine);
    if (signal.aborted) throw cancelled();
    const process = this.current();
    clearTimeout(this.idleTimer);
    const { storagePath, timeoutMs = defaultTimeout } = this.options;
    const { id, result } = process.run(
      { params: { ...params, engine, ...namedVoice(found, params) }, storagePath, runtime },
      onProgress,
    );
    const abort = (): void => process.abandon(id, cancelled());
    signal.addEventListener('abort', abort, { once: true });
    const timer = setTimeout(() => {
      const text = `The model gave no answer within ${timeoutMs / 1000} s and was stopped. Give it less input.`;
      process.abandon(id, new StudioError('cancelled', text, { details: { timeoutMs } }));
    }, timeoutMs);
    try {
      return await result;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      this.idleSoon();
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.idleTimer);
    this.process?.kill();
    return Promise.resolve();
  }

  private current(): InferenceProcess {
    if (this.process?.alive === true) return this.process;
    const entry = this.options.entry ?? findUp('inference.js', path.join('dist', 'backend', 'inference.js'));
    if (entry === undefined) {
      throw new StudioError(
        'internal',
        'The inference process is missing from this installation; install Goya again.',
      );
    }
    const made = new InferenceProcess(entry, this.options.log, () => {
      if (this.process === made) this.process = undefined;
    });
    this.process = made;
    return made;
  }

  private idleSoon(): void {
    clearTimeout(this.idleTimer);
    this.idleTimer = setTimeout(() => {
      if (this.process?.busy === false) this.process.kill();
    }, this.options.idleMs ?? defaultIdle);
    this.idleTimer.unref();
  }

  /** tf.js's own folders first: one may hold an export of its model for others. */
  private async runtimeFolder(modelPath: string): Promise<RuntimeFolder | undefined> {
    const { runtimes } = this.options;
    const isTfjs = await stat(path.join(path.resolve(modelPath), 'model.json')).catch(() => undefined);
    return isTfjs === undefined ? openRuntimeFolder(modelPath, runtimes) : undefined;
  }

  /** Throws `model.unsupported` for what it lacks, `engine.unavailable` where its engine is not there. */
  private async chosen(
    { loaded, detected, path: folder, version }: RuntimeFolder,
    { engine: asked }: InferenceParams,
  ): Promise<RuntimeChoice> {
    const { entry, runtime } = loaded;
    const { title } = runtime;
    if (detected.lacks !== undefined)
      throw new StudioError('model.unsupported', `${folder}: ${detected.lacks}`, {
        details: { path: folder },
      });
    if (asked !== undefined && asked !== 'auto') {
      const text = `${folder} runs on ${title}, not on ${asked}. Leave the engine out, or ask for "auto".`;
      throw new StudioError('engine.unavailable', text, { details: { engine: asked } });
    }
    const { storagePath } = this.options;
    const { engine } = await findOnnx({ storagePath });
    if (engine !== undefined) return { entry, title, folder, version, engine: engine.folder };
    const { reason } = await describeOnnx({ storagePath });
    const text = `${folder} runs on ${title}, which is not here: ${reason ?? ''}.`;
    throw new StudioError('engine.unavailable', text, { details: { engine: 'onnx' } });
  }

  private async requireEngine(choice: InferenceParams['engine']): Promise<void> {
    if (choice === undefined || choice === 'auto') return;
    const engines = await describeEngines({ storagePath: this.options.storagePath });
    const engine = engines.find((one) => one.name === choice);
    if (engine?.available === true) return;
    const message = `The engine ${choice} is not available here: ${engine?.reason ?? 'unknown'}. Or ask for "auto".`;
    throw new StudioError('engine.unavailable', message, { details: { engine: choice } });
  }
}

/** A voice that was named by its file, where the request names none. */
function namedVoice(
  found: RuntimeFolder | undefined,
  { parameters }: InferenceParams,
): Pick<InferenceParams, 'parameters'> {
  if (found?.named === undefined) return {};
  return { parameters: { voice: found.named, ...parameters } };
}

function cancelled(): StudioError {
  return new StudioError('cancelled', 'The model was stopped before it answered.');
}
