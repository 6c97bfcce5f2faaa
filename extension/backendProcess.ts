/** One backend process: spawned on VS Code's own Node, greeted with `initialize`, its log lines passed on, ended cleanly. */
import { spawn, type ChildProcess } from 'node:child_process';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { exit, initialize, shutdown } from '../protocol/api/session';
import { StudioError, toStudioError } from '../protocol/wire/errors';
import { call, notify } from '../protocol/wire/peer';
import type { ParamsIn, Result } from '../protocol/wire/spec';
import { LineSplitter, readLogLine, type LogLine } from './logLines';
import type { Exit, Session } from './supervisor';

export interface BackendProcessOptions {
  /** `dist/backend/main.js`. */
  readonly entry: string;
  /** Node that runs it; absent: the one that runs this code. */
  readonly nodePath?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly initialize: ParamsIn<typeof initialize>;
  readonly onLog: (line: LogLine) => void;
  /** Milliseconds until a start without an answer counts as failed. */
  readonly handshakeTimeoutMs?: number;
  /** Milliseconds between asking it to go and killing it. */
  readonly shutdownTimeoutMs?: number;
}

export interface BackendSession extends Session {
  readonly connection: MessageConnection;
  readonly info: Result<typeof initialize>;
  readonly pid: number | undefined;
}

export async function startBackend(options: BackendProcessOptions): Promise<BackendSession> {
  const child = spawnBackend(options);
  const exited = exitOf(child);
  pipeLog(child, options.onLog);
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child), {
    error: (message) => options.onLog({ level: 'error', message }),
    warn: (message) => options.onLog({ level: 'warn', message }),
    info: (message) => options.onLog({ level: 'debug', message }),
    log: (message) => options.onLog({ level: 'trace', message }),
  });
  connection.onError(([error]) => options.onLog({ level: 'error', message: `connection: ${error.message}` }));
  void exited.then(() => connection.dispose());
  connection.listen();
  try {
    const info = await handshake(connection, options, exited);
    return {
      connection,
      info,
      pid: child.pid,
      exited,
      stop: () => stop(child, connection, exited, options),
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw toStudioError(error);
  }
}

function spawnBackend(options: BackendProcessOptions): ChildProcess {
  return spawn(options.nodePath ?? process.execPath, [options.entry, '--node-ipc'], {
    // Electron's binary is a plain Node with this variable; a plain Node ignores it.
    env: { ...options.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    windowsHide: true,
  });
}

function exitOf(child: ChildProcess): Promise<Exit & { readonly error?: Error }> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

async function handshake(
  connection: MessageConnection,
  options: BackendProcessOptions,
  exited: ReturnType<typeof exitOf>,
): Promise<Result<typeof initialize>> {
  const timeoutMs = options.handshakeTimeoutMs ?? 20_000;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new StudioError('internal', `The Goya backend did not answer within ${timeoutMs / 1000} seconds.`, {
            retryable: true,
          }),
        ),
      timeoutMs,
    );
  });
  const gone = exited.then(({ code, signal, error }): never => {
    throw error === undefined
      ? new StudioError(
          'internal',
          `The Goya backend ended while starting (${signal === null ? `code ${code ?? 'unknown'}` : `signal ${signal}`}). The log says why.`,
          { retryable: true },
        )
      : new StudioError(
          'settings.invalid',
          `The Goya backend could not be started with ${options.nodePath ?? process.execPath}: ${error.message}. Check the setting goya.backend.nodePath.`,
          { cause: error },
        );
  });
  try {
    return await Promise.race([call(connection, initialize, options.initialize), tooLate, gone]);
  } finally {
    clearTimeout(timer);
  }
}

async function stop(
  child: ChildProcess,
  connection: MessageConnection,
  exited: Promise<Exit>,
  options: BackendProcessOptions,
): Promise<void> {
  const timer = setTimeout(() => child.kill('SIGKILL'), options.shutdownTimeoutMs ?? 8000);
  try {
    await Promise.race([
      call(connection, shutdown, undefined).then(() => notify(connection, exit, undefined)),
      exited,
    ]);
  } catch (error) {
    options.onLog({ level: 'warn', message: `shutdown: ${toStudioError(error).message}` });
    child.kill('SIGKILL');
  }
  await exited;
  clearTimeout(timer);
}

/** Passes the process's stderr on, line by line. */
function pipeLog(child: ChildProcess, onLog: (line: LogLine) => void): void {
  const lines = new LineSplitter((line) => onLog(readLogLine(line)));
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => lines.push(text));
  child.stderr?.once('end', () => lines.end());
}
