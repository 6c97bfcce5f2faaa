/** The inference child process, as the backend holds it. */
import { fork, type ChildProcess } from 'node:child_process';
import type { Logger } from 'pino';
import type { InferenceResult } from '../../protocol/model/inference';
import { StudioError } from '../../protocol/wire/errors';
import { fromInference, type FromInference, type ToInference } from './inferenceProtocol';

const keptStderr = 4096;

interface Pending {
  readonly resolve: (result: InferenceResult) => void;
  readonly reject: (error: unknown) => void;
}

export class InferenceProcess {
  private readonly child: ChildProcess;
  private readonly pending = new Map<number, Pending>();
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

  run(request: Omit<ToInference, 'id'>): { id: number; result: Promise<InferenceResult> } {
    const id = this.nextId++;
    const result = new Promise<InferenceResult>((resolve, reject) =>
      this.pending.set(id, { resolve, reject }),
    );
    if (this.child.connected) this.child.send({ ...request, id } satisfies ToInference, () => undefined);
    else this.end(null, null);
    return { id, result };
  }

  /** The answer is no longer wanted; when nobody else waits for one, the work itself is ended. */
  abandon(id: number, error: unknown): void {
    this.pending.get(id)?.reject(error);
    this.pending.delete(id);
    if (!this.busy) this.kill();
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
    this.over = true;
    if (this.busy) {
      this.log.error({ code, signal, stderr: this.stderr }, 'the inference process ended while it worked');
      const how = signal ?? `code ${code ?? 'none'}`;
      const text = `The inference process ended (${how}) while it ran the model, perhaps because memory ran out. Try again, or with a smaller model.`;
      const error = new StudioError('internal', text, { retryable: true });
      for (const { reject } of this.pending.values()) reject(error);
      this.pending.clear();
    }
    if (first) this.onExit();
  }
}
