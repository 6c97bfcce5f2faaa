import { connect, createServer, type Socket } from 'node:net';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  SocketMessageReader,
  SocketMessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
  type Logger as RpcLogger,
  type MessageConnection,
} from 'vscode-jsonrpc/node';

export type Transport =
  | { readonly kind: 'stdio' }
  | { readonly kind: 'node-ipc' }
  | { readonly kind: 'pipe'; readonly path: string };

export const usage = 'usage: node main.js --stdio | --node-ipc | --pipe=PATH';

/** Undefined for arguments that name no transport. */
export function parseTransport(args: readonly string[]): Transport | undefined {
  for (const [index, arg] of args.entries()) {
    if (arg === '--stdio') return { kind: 'stdio' };
    if (arg === '--node-ipc') return { kind: 'node-ipc' };
    const path = arg.startsWith('--pipe=')
      ? arg.slice('--pipe='.length)
      : arg === '--pipe'
        ? args[index + 1]
        : undefined;
    if (path !== undefined && path !== '') return { kind: 'pipe', path };
  }
  return undefined;
}

export interface OpenTransport {
  readonly connection: MessageConnection;
  /** Calls back once when the other end is gone. */
  onGone(callback: () => void): void;
}

export async function openTransport(transport: Transport, log: RpcLogger): Promise<OpenTransport> {
  switch (transport.kind) {
    case 'stdio': {
      const connection = createMessageConnection(
        new StreamMessageReader(process.stdin),
        new StreamMessageWriter(process.stdout),
        log,
      );
      return {
        connection,
        onGone: (callback) => {
          process.stdin.once('end', callback);
          process.stdin.once('close', callback);
          // A reader that went away without closing our stdin shows only when we write.
          process.stdout.on('error', callback);
        },
      };
    }
    case 'node-ipc': {
      if (process.send === undefined)
        throw new Error('--node-ipc needs a parent process with an IPC channel');
      const connection = createMessageConnection(
        new IPCMessageReader(process),
        new IPCMessageWriter(process),
        log,
      );
      return { connection, onGone: (callback) => process.once('disconnect', callback) };
    }
    case 'pipe': {
      const socket = await openPipe(transport.path);
      const connection = createMessageConnection(
        new SocketMessageReader(socket),
        new SocketMessageWriter(socket),
        log,
      );
      return { connection, onGone: (callback) => socket.once('close', callback) };
    }
  }
}

/** Joins the pipe that the client listens on (as language servers do); where nobody listens, waits there for one client. */
async function openPipe(path: string): Promise<Socket> {
  try {
    return await new Promise<Socket>((resolve, reject) => {
      const socket = connect(path);
      socket.once('connect', () => resolve(socket));
      socket.once('error', reject);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return new Promise<Socket>((resolve, reject) => {
    const server = createServer((socket) => {
      server.close();
      resolve(socket);
    });
    server.once('error', reject);
    server.listen(path);
  });
}
