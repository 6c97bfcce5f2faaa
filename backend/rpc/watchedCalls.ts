/** Calls that say how far they are: `$/progress` with the caller's token, at most ten a second, the last one always. */
import type { MessageConnection } from 'vscode-jsonrpc';
import type { Logger } from 'pino';
import { progressNotification, type ProgressToken } from '../../protocol/api/topics';
import { notify } from '../../protocol/wire/peer';

export interface WatchedCall {
  readonly signal: AbortSignal;
  readonly onProgress?: (value: unknown) => void;
}

const interval = 100;

export function watchedCalls(connection: MessageConnection, log: Logger) {
  return async <T>(
    token: ProgressToken | undefined,
    signal: AbortSignal,
    work: (watched: WatchedCall) => Promise<T>,
    /** Makes one value of two that must not be sent apart; else the later one counts alone. */
    merge: (earlier: unknown, later: unknown) => unknown = (_, later) => later,
  ): Promise<T> => {
    if (token === undefined) return work({ signal });
    let sentAt = -Infinity;
    let waiting: { readonly value: unknown } | undefined;
    let timer: NodeJS.Timeout | undefined;
    const send = (value: unknown): void => {
      waiting = undefined;
      sentAt = performance.now();
      notify(connection, progressNotification, { token, value }).catch((error: unknown) =>
        log.warn({ err: error }, 'progress could not be sent'),
      );
    };
    /** What came too soon after another is sent a little later, or work that then stalls would look further back. */
    const sendWaiting = (): void => {
      timer = undefined;
      if (waiting !== undefined) send(waiting.value);
    };
    try {
      const result = await work({
        signal,
        onProgress: (value) => {
          const since = performance.now() - sentAt;
          if (since >= interval && waiting === undefined) return send(value);
          waiting = { value: waiting === undefined ? value : merge(waiting.value, value) };
          timer ??= setTimeout(sendWaiting, interval - since);
        },
      });
      sendWaiting();
      return result;
    } finally {
      clearTimeout(timer);
    }
  };
}
