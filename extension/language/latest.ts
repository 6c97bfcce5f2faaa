/**
 * Work on the newest state of something that keeps changing: waits for a pause, calls back what is outdated, and hands
 * over only the answer to the newest question. Pure: the clock is passed in.
 */
import { isStudioError } from '../../protocol/wire/errors';
import type { Clock } from '../supervisor';

export interface LatestOptions<I, O> {
  readonly pauseMs: number;
  readonly work: (input: I, signal: AbortSignal) => Promise<O>;
  readonly done: (input: I, output: O) => void;
  readonly failed: (input: I, error: unknown) => void;
  readonly clock: Clock;
}

export class Latest<I, O> {
  private cancelPause: (() => void) | undefined;
  private running: AbortController | undefined;

  constructor(private readonly options: LatestOptions<I, O>) {}

  ask(input: I, pauseMs = this.options.pauseMs): void {
    this.stop();
    this.cancelPause = this.options.clock.after(pauseMs, () => void this.start(input));
  }

  stop(): void {
    this.cancelPause?.();
    this.running?.abort();
    this.running = undefined;
  }

  private async start(input: I): Promise<void> {
    const running = new AbortController();
    this.running = running;
    try {
      const output = await this.options.work(input, running.signal);
      if (this.running === running) this.options.done(input, output);
    } catch (error) {
      if (this.running === running && !isStudioError(error, 'cancelled')) this.options.failed(input, error);
    }
  }
}
