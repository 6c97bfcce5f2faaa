/** The form of a check's answer, with its time and its way to fail. */
import type { ConnectionCheck, ConnectionFinding } from '../../../protocol/api/hub';
import { isStudioError, type ErrorKind } from '../../../protocol/wire/errors';
import { cancelled } from '../cancelled';
import { networkReason, wayRound } from '../networkReasons';
import { advice } from './advice';

export type CheckName = ConnectionCheck['name'];

/** What a check found out. Without `finding` all is well. */
export interface Finding {
  readonly detail: string;
  readonly finding?: ConnectionFinding;
  readonly skipped?: boolean;
}

/** Runs one check; whatever it throws is what it found, but for the person's giving up. */
export async function check(
  name: CheckName,
  host: string | undefined,
  signal: AbortSignal,
  work: () => Promise<Finding>,
): Promise<ConnectionCheck> {
  const start = performance.now();
  let found: Finding;
  try {
    found = await work();
  } catch (error) {
    if (signal.aborted) throw cancelled(error);
    found = findingOf(error);
  }
  const { detail, finding, skipped } = found;
  return {
    name,
    ok: finding === undefined,
    ...(skipped === true ? { skipped } : {}),
    ...(host === undefined ? {} : { host }),
    detail,
    ...(finding === undefined ? {} : { finding, advice: advice[finding]() }),
    ms: Math.round(performance.now() - start),
  };
}

export function findingOf(error: unknown): Finding {
  if (isStudioError(error)) {
    const reason = error.details?.['reason'];
    if (error.details?.['proxyStatus'] === 407) return { detail: error.message, finding: 'proxyLogin' };
    const finding = typed(reason) ?? byKind[error.kind] ?? 'notAHub';
    // The report has its own advice, and is what the sentence leads to.
    return { detail: error.message.replace(wayRound(), '').trim(), finding };
  }
  const timedOut = error instanceof DOMException && /Timeout|Abort/.test(error.name);
  const { reason, said, proxyStatus } = networkReason(timedOut ? new Error('ETIMEDOUT') : error);
  return { detail: said, finding: proxyStatus === 407 ? 'proxyLogin' : reason };
}

const byKind: Partial<Record<ErrorKind, ConnectionFinding>> = {
  'hub.unauthorized': 'token',
  'hub.gated': 'token',
  'hub.rateLimited': 'server',
};

function typed(reason: unknown): ConnectionFinding | undefined {
  return typeof reason === 'string' && Object.hasOwn(advice, reason)
    ? (reason as ConnectionFinding)
    : undefined;
}
