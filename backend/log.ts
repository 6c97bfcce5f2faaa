/**
 * pino as JSON lines to stderr and to a file; stdout belongs to the protocol. Whatever looks like a secret is masked
 * at the last moment, so that no caller can leak one by passing an error or a URL along.
 */
import { mkdirSync, createWriteStream, type WriteStream } from 'node:fs';
import path from 'node:path';
import { pino, type Logger } from 'pino';
import { maskSecrets } from '../protocol/wire/secrets';

export interface BackendLog {
  readonly log: Logger;
  /** From now on also writes to `<storagePath>/logs/`; answers the file's path. */
  toFile(storagePath: string): string;
  close(): Promise<void>;
}

export function createLog(level: string): BackendLog {
  let file: WriteStream | undefined;
  let fileFailed = false;
  let stderrGone = false;
  // Whoever read it is gone (a closed terminal, a dead client). Unhandled, each report of that failure would be the next.
  process.stderr.on('error', () => (stderrGone = true));
  const write = (line: string): void => {
    const masked = maskSecrets(line);
    if (!stderrGone) process.stderr.write(masked);
    file?.write(masked);
  };
  const log = pino(
    { level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    { write },
  );
  return {
    log,
    toFile(storagePath) {
      const folder = path.join(storagePath, 'logs');
      const name = path.join(folder, `backend-${new Date().toISOString().slice(0, 10)}.log`);
      try {
        mkdirSync(folder, { recursive: true });
        file = createWriteStream(name, { flags: 'a', mode: 0o600 });
        file.on('error', (error) => {
          // The log must never take the backend down: say it once on stderr and go on without the file.
          file = undefined;
          if (!fileFailed) log.warn({ err: error, file: name }, 'the log file cannot be written');
          fileFailed = true;
        });
      } catch (error) {
        log.warn({ err: error, folder }, 'the log folder cannot be made; logging to stderr only');
      }
      return name;
    },
    close: () =>
      new Promise((resolve) => {
        if (file === undefined) resolve();
        else file.end(resolve);
      }),
  };
}
