import { StudioError } from '../../protocol/wire/errors';
import { hostOf } from './errors';

/** Ends a request that brings no byte for a while; our own waiting (for the disk, for the limit) does not count. */
export class StallWatch {
  /** Fires when it stalls and when the caller's signal does. */
  readonly signal: AbortSignal;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private paused = false;

  constructor(
    private readonly timeout: number,
    signal: AbortSignal,
    private readonly url: string,
  ) {
    this.signal = AbortSignal.any([signal, this.controller.signal]);
    this.timer = setTimeout(() => this.expire(), timeout);
  }

  pause(): void {
    this.paused = true;
  }

  /** A byte came, and was dealt with. */
  resume(): void {
    this.paused = false;
    this.timer.refresh();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  /** The stall as the reason, when it was one. */
  explain(error: unknown): unknown {
    if (!this.controller.signal.aborted) return error;
    return new StudioError(
      'hub.unreachable',
      `${hostOf(this.url)} sent nothing for ${Math.round(this.timeout / 1000)} s, so the connection was given up. Resume to go on from the last byte.`,
      { retryable: true, details: { host: hostOf(this.url), stalled: true }, cause: error },
    );
  }

  private expire(): void {
    if (this.paused) this.timer.refresh();
    else this.controller.abort(new Error('stalled'));
  }
}
