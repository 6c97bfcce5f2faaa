/** When a transfer tries again, after how long, and when it is left to the person. */
import type { StudioError } from '../../protocol/wire/errors';
import { backoff, sleep, type BackoffOptions } from './retry';

export interface RetryPolicy {
  readonly signal: AbortSignal;
  /** Attempts in a row that bring no byte before it fails (default 7). */
  readonly maxAttempts?: number;
  readonly backoff?: BackoffOptions;
  /** Called when an attempt failed and another follows. */
  readonly onRetry?: (error: StudioError, waitMs: number) => void;
}

/** A longer `Retry-After` than this many seconds is left to the person. */
const longestRetryAfter = 300;

/** Waits as long as the failure asks for; throws it when waiting does not help. */
export async function waitOrThrow(
  error: StudioError,
  failures: number,
  tryAnyway: boolean,
  policy: RetryPolicy,
): Promise<void> {
  const { maxAttempts = 7, signal, onRetry } = policy;
  const limit = error.kind === 'hub.invalidResponse' ? Math.min(3, maxAttempts) : maxAttempts;
  if ((!error.retryable && !tryAnyway) || failures >= limit) throw error;
  const asked = error.details?.['retryAfterSeconds'];
  if (typeof asked === 'number' && asked > longestRetryAfter) throw error;
  const jittered = backoff(failures, policy.backoff ?? { base: 500, cap: 15_000 });
  const wait = typeof asked === 'number' ? asked * 1000 + jittered / 4 : jittered;
  onRetry?.(error, wait);
  await sleep(wait, signal);
}

/** A refusal by the host that the hub redirected to: its signed address may have expired. */
export function isRefusedByCdn(error: StudioError, endpoint: string): boolean {
  const { status, host } = error.details ?? {};
  const fromOther = typeof host === 'string' && host !== new URL(endpoint).host;
  return fromOther && typeof status === 'number' && [400, 401, 403, 404, 410].includes(status);
}
