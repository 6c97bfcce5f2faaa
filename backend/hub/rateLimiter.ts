import { sleep } from './retry';

/** Longest single wait in milliseconds, after which a changed rate is seen. */
const slice = 100;

/** A token bucket that all transfers draw from; bytes may be taken in advance and are paid for by waiting. */
export class RateLimiter {
  private tokens = 0;
  private refilledAt = performance.now();

  /** `rate` in bytes per second; 0: no limit. */
  constructor(private rate = 0) {}

  /** Applies to transfers under way within a tenth of a second. */
  setRate(bytesPerSecond: number): void {
    this.refill();
    this.rate = bytesPerSecond;
    this.tokens = Math.min(this.tokens, 0);
  }

  /** Returns at once without a limit, otherwise when the bytes are paid for. */
  take(bytes: number, signal?: AbortSignal): Promise<void> | undefined {
    if (this.rate === 0) return undefined;
    this.refill();
    this.tokens -= bytes;
    return this.tokens >= 0 ? undefined : this.untilPaid(signal);
  }

  private async untilPaid(signal: AbortSignal | undefined): Promise<void> {
    for (this.refill(); this.tokens < 0 && this.rate > 0; this.refill()) {
      await sleep(Math.min(slice, Math.ceil((-this.tokens / this.rate) * 1000)), signal);
    }
  }

  private refill(): void {
    const now = performance.now();
    if (this.rate > 0) {
      // A tenth of a second's worth may be saved up, so that a pause is not followed by a burst.
      const earned = ((now - this.refilledAt) / 1000) * this.rate;
      this.tokens = Math.min(this.rate / 10, this.tokens + earned);
    } else {
      this.tokens = 0;
    }
    this.refilledAt = now;
  }
}
