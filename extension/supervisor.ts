/**
 * Keeps one backend running: starts it when first needed, starts it again after a crash with growing pauses, and
 * gives up visibly when it will not stay up. Knows no process and no clock of its own, so that tests run it in
 * microseconds.
 */
import { StudioError, toStudioError } from '../protocol/wire/errors';
import { coalesce } from './coalesce';

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A backend that has answered `initialize`. */
export interface Session {
  /** Asks it to shut down and answers when the process is gone; kills what does not go. */
  stop(): Promise<void>;
  /** Resolves when the process is gone, for whatever reason. */
  readonly exited: Promise<Exit>;
}

export type BackendState<S> =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly session: S }
  /** Crashed; starts again after the pause. */
  | { readonly kind: 'waiting'; readonly delayMs: number; readonly reason: StudioError }
  /** Will not start again until asked. */
  | { readonly kind: 'failed'; readonly error: StudioError };

export interface Clock {
  now(): number;
  /** Returns a function that cancels. */
  after(ms: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Pauses in milliseconds before each new start after a crash; after the last one comes `failed`. */
export const restartDelays: readonly number[] = [250, 1000, 3000, 10_000, 30_000];
/** A backend that stayed up this long crashed for a new reason: counting starts again. */
export const stableAfterMs = 120_000;

export class Supervisor<S extends Session> {
  private current: BackendState<S> = { kind: 'stopped' };
  private crashes = 0;
  private cancelWait: (() => void) | undefined;
  private closed = false;
  private readonly listeners = new Set<(state: BackendState<S>) => void>();
  private readonly restartOnce = coalesce(() => this.restartNow());

  constructor(
    private readonly launch: () => Promise<S>,
    private readonly clock: Clock = systemClock,
  ) {}

  get state(): BackendState<S> {
    return this.current;
  }

  /** Returns a function that stops listening. */
  onState(listener: (state: BackendState<S>) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The running session; starts one if none is there, waits while one is starting, rejects once it has failed. */
  ready(): Promise<S> {
    if (this.current.kind === 'running') return Promise.resolve(this.current.session);
    if (this.current.kind === 'failed') return Promise.reject(this.current.error);
    if (this.closed)
      return Promise.reject(new StudioError('cancelled', 'Goya is shutting down with its window.'));
    const settled = new Promise<S>((resolve, reject) => {
      const stop = this.onState((state) => {
        if (state.kind === 'running') resolve(state.session);
        else if (state.kind === 'failed') reject(state.error);
        else if (state.kind === 'stopped')
          reject(new StudioError('cancelled', 'The Goya backend was stopped.'));
        else return;
        stop();
      });
    });
    if (this.current.kind === 'stopped') void this.start();
    return settled;
  }

  /** Stops what runs and starts anew. Asked again meanwhile: once more afterwards, never more. */
  restart(): Promise<void> {
    return this.restartOnce();
  }

  /** For good: the window closes. */
  async close(): Promise<void> {
    this.closed = true;
    await this.stop();
  }

  private async restartNow(): Promise<void> {
    if (this.closed) return;
    this.crashes = 0;
    await this.stop();
    await this.start();
  }

  private async stop(): Promise<void> {
    this.cancelWait?.();
    this.cancelWait = undefined;
    const running = this.current.kind === 'running' ? this.current.session : await this.afterStart();
    this.become({ kind: 'stopped' });
    await running?.stop();
  }

  /** A start that is under way cannot be called back: wait for it, then stop what it made. */
  private afterStart(): Promise<S | undefined> {
    if (this.current.kind !== 'starting') return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const stop = this.onState((state) => {
        stop();
        this.cancelWait?.();
        resolve(state.kind === 'running' ? state.session : undefined);
      });
    });
  }

  private async start(): Promise<void> {
    if (this.current.kind === 'starting' || this.current.kind === 'running') return;
    this.become({ kind: 'starting' });
    try {
      const session = await this.launch();
      const startedAt = this.clock.now();
      this.become({ kind: 'running', session });
      void session.exited.then((exit) => this.onExit(session, exit, startedAt));
    } catch (error) {
      const reason = toStudioError(error);
      if (reason.retryable) this.retryLater(reason);
      else this.become({ kind: 'failed', error: reason });
    }
  }

  private onExit(session: S, exit: Exit, startedAt: number): void {
    if (this.current.kind !== 'running' || this.current.session !== session) return;
    if (this.clock.now() - startedAt >= stableAfterMs) this.crashes = 0;
    const how = exit.signal === null ? `code ${exit.code ?? 'unknown'}` : `signal ${exit.signal}`;
    this.retryLater(
      new StudioError('internal', `The Goya backend stopped unexpectedly (${how}). The log says why.`, {
        retryable: true,
        details: { exit: { code: exit.code, signal: exit.signal } },
      }),
    );
  }

  private retryLater(reason: StudioError): void {
    const delayMs = restartDelays[this.crashes];
    this.crashes += 1;
    if (delayMs === undefined) {
      this.become({ kind: 'failed', error: gaveUp(reason) });
      return;
    }
    this.cancelWait = this.clock.after(delayMs, () => {
      this.cancelWait = undefined;
      void this.start();
    });
    this.become({ kind: 'waiting', delayMs, reason });
  }

  private become(state: BackendState<S>): void {
    this.current = state;
    for (const listener of [...this.listeners]) listener(state);
  }
}

/** Not retryable any more: only a person's decision starts it again. */
function gaveUp(reason: StudioError): StudioError {
  return new StudioError(
    reason.kind,
    `${reason.message} It was started ${restartDelays.length + 1} times and is now left alone.`,
    reason.details === undefined ? { cause: reason } : { cause: reason, details: reason.details },
  );
}
