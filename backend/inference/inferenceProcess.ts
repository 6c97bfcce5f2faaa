/** The inference child process, as the backend holds it. */
import { fork, type ChildProcess } from 'node:child_process';
import type { Logger } from 'pino';
import type { InferenceProgress, InferenceResult } from '../../protocol/model/inference';
import { StudioError } from '../../protocol/wire/errors';
import type { RuntimeChoice } from './runtimeChoice';
import { diedWithin } from './runtimeDeath';
import { fromInference, type FromInference, type RunRequest, type ToInference } from './inferenceProtocol';

const keptStderr = 4096;
/** Longest that one which writes may go on after it was told to stop, in milliseconds. */
const stopGrace = 5000;

interface Pending {
  readonly resolve: (result: InferenceResult) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: ((progress: InferenceProgress) => void) | undefined;
  /** Whether a piece has come: it listens between two of them. */
  writes: boolean;
  /** Of one that a runtime runs: whose code it is in, at what. */
  readonly runtime: RuntimeChoice | undefined;
  within?: 'open' | 'run';
}

export class InferenceProcess {
  private readonly child: ChildProcess;
  private readonly pending = new Map<number, Pending>();
  /** What was told to stop and has not answered yet. */
  private readonly stopping = new Map<number, NodeJS.Timeout>();
  private stderr = '';
  private nextId = 1;
  private over = false;

  constructor(
    entry: string,
    private readonly log: Logger,
    private readonly onExit: () => void,
  ) {
    this.child = fork(entry, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-keptStderr);
      log.debug({ text }, 'the inference process says');
    });
    this.child.on('message', (raw) => this.onMessage(raw));
    this.child.on('close', (code, signal) => this.end(code, signal));
    this.child.on('error', (error) => {
      this.stderr += error.message;
      if (this.child.pid === undefined) this.end(null, null);
    });
  }

  get busy(): boolean {
    return this.pending.size > 0;
  }

  get alive(): boolean {
    return !this.over;
  }

  run(
    request: Omit<RunRequest, 'id' | 'type' | 'watched'>,
    onProgress?: (progress: InferenceProgress) => void,
  ): { id: number; result: Promise<InferenceResult> } {
    const id = this.nextId++;
    const result = new Promise<InferenceResult>((resolve, reject) =>
      this.pending.set(id, { resolve, reject, onProgress, writes: false, runtime: request.runtime }),
    );
    if (this.child.connected) this.send({ type: 'run', ...request, id, watched: onProgress !== undefined });
    else this.end(null, null);
    return { id, result };
  }

  /** The answer is no longer wanted: one that writes stops at its next token; the work of others is ended when nobody waits. */
  abandon(id: number, error: unknown): void {
    const waiting = this.pending.get(id);
    this.pending.delete(id);
    waiting?.reject(error);
    if (waiting?.writes === true && this.child.connected) {
      const timer = setTimeout(() => this.endUnlessBusy(), stopGrace).unref();
      this.stopping.set(id, timer);
      this.send({ type: 'stop', id });
    } else {
      this.endUnlessBusy();
    }
  }

  private endUnlessBusy(): void {
    if (!this.busy) this.kill();
  }

  private send(message: ToInference): void {
    this.child.send(message, () => undefined);
  }

  kill(): void {
    this.over = true;
    this.child.kill('SIGKILL');
  }

  private onMessage(raw: unknown): void {
    const parsed = fromInference.safeParse(raw);
    if (!parsed.success) {
      this.log.warn(
        { raw: JSON.stringify(raw).slice(0, 200) },
        'an unknown message of the inference process',
      );
      return;
    }
    const message = parsed.data;
    const waiting = this.pending.get(message.id);
    if (message.type === 'entering') {
      if (waiting !== undefined) waiting.within = message.what;
      return;
    }
    if (message.type === 'progress') {
      if (waiting === undefined) return;
      waiting.writes = true;
      waiting.onProgress?.(message.progress);
      return;
    }
    clearTimeout(this.stopping.get(message.id));
    this.stopping.delete(message.id);
    this.pending.delete(message.id);
    if (message.type === 'done') waiting?.resolve(message.result);
    else waiting?.reject(this.toError(message));
  }

  private toError({ failure, stack }: Extract<FromInference, { type: 'failed' }>): StudioError {
    const { kind, message, retryable, details } = failure;
    if (kind === 'internal') this.log.error({ stack }, 'a model could not be run');
    return new StudioError(kind, message, { retryable, ...(details === undefined ? {} : { details }) });
  }

  private end(code: number | null, signal: NodeJS.Signals | null): void {
    const first = !this.over;
    for (const timer of this.stopping.values()) clearTimeout(timer);
    this.stopping.clear();
    this.over = true;
    if (this.busy) {
      this.log.error({ code, signal, stderr: this.stderr }, 'the inference process ended while it worked');
      const how = signal ?? `code ${code ?? 'none'}`;
      const text = `The inference process ended (${how}) while it ran the model, perhaps because memory ran out. Try again, or with a smaller model.`;
      const error = new StudioError('internal', text, { retryable: true });
      for (const { reject, runtime, within } of this.pending.values()) {
        const died = signal === 'SIGKILL' ? undefined : diedWithin(runtime, within, how, this.stderr);
        reject(died ?? error);
      }
      this.pending.clear();
    }
    if (first) this.onExit();
  }
}
