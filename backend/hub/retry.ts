import { cancelled } from './cancelled';

export interface BackoffOptions {
  /** Milliseconds before the second attempt; doubled for each further one. */
  readonly base: number;
  /** Longest wait in milliseconds. */
  readonly cap: number;
}

/** Milliseconds before attempt `failures + 1`: exponential, with jitter so that many clients do not come back at once. */
export function backoff(failures: number, { base, cap }: BackoffOptions, random = Math.random): number {
  const full = Math.min(cap, base * 2 ** Math.max(0, failures - 1));
  return full * (0.5 + random() / 2);
}

/** Waits, or throws `cancelled` as soon as the signal fires. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(cancelled(signal.reason));
      return;
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    const stop = (): void => {
      clearTimeout(timer);
      reject(cancelled(signal?.reason));
    };
    signal?.addEventListener('abort', stop, { once: true });
  });
}
