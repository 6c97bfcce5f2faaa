/**
 * The life of one connection: nothing before `initialize`, nothing but `exit` after `shutdown`, and a clean end in
 * every case, also when the other end just goes away.
 */
import { ErrorCodes, ResponseError, type MessageConnection } from 'vscode-jsonrpc';
import type { Logger } from 'pino';
import { exit, initialize, shutdown } from '../../protocol/api/session';
import { handle, onNotification, serverNotInitialized } from '../../protocol/wire/peer';
import type { Params, ResultIn } from '../../protocol/wire/spec';

export interface OpenSession {
  readonly answer: ResultIn<typeof initialize>;
  close(): Promise<void>;
}

export interface SessionOptions {
  readonly connection: MessageConnection;
  readonly log: Logger;
  /** Builds the studio and binds its methods to the connection. */
  readonly open: (params: Params<typeof initialize>) => Promise<OpenSession>;
  /** Ends the process. */
  readonly end: (code: number) => void;
}

export class Session {
  private state: 'new' | 'opening' | 'open' | 'shutdown' = 'new';
  private opened: OpenSession | undefined;
  private closing: Promise<void> | undefined;

  constructor(private readonly options: SessionOptions) {
    const { connection, log, end } = options;
    const onInternal = (method: string, error: unknown): void =>
      log.error({ method, err: error }, 'a request failed');
    handle(connection, initialize, (params) => this.initialize(params), onInternal);
    handle(connection, shutdown, () => this.shutdown(), onInternal);
    onNotification(
      connection,
      exit,
      () => {
        const code = this.state === 'shutdown' ? 0 : 1;
        void this.close().finally(() => end(code));
      },
      onInternal,
    );
    // Everything that has no handler: before `initialize` the lack of a session is the reason, whatever the method.
    connection.onRequest((method) => {
      this.requireOpen();
      throw new ResponseError(ErrorCodes.MethodNotFound, `Unknown method ${method}.`);
    });
    connection.onUnhandledNotification((message) =>
      log.debug({ method: message.method }, 'unknown notification'),
    );
  }

  /** Throws the protocol's error unless the session is open; every bound method calls it first. */
  readonly requireOpen = (): void => {
    if (this.state === 'open') return;
    if (this.state === 'shutdown')
      throw new ResponseError(ErrorCodes.InvalidRequest, 'The backend is shutting down.');
    throw new ResponseError(serverNotInitialized, 'Call initialize first.');
  };

  /** Idempotent: ends what runs and closes what is open. */
  close(): Promise<void> {
    this.state = 'shutdown';
    this.closing ??= (this.opened?.close() ?? Promise.resolve()).catch((error: unknown) => {
      this.options.log.error({ err: error }, 'closing failed');
    });
    return this.closing;
  }

  private async initialize(params: Params<typeof initialize>): Promise<ResultIn<typeof initialize>> {
    if (this.state !== 'new')
      throw new ResponseError(ErrorCodes.InvalidRequest, 'initialize was already called.');
    this.state = 'opening';
    try {
      this.opened = await this.options.open(params);
    } catch (error) {
      this.state = 'new';
      throw error;
    }
    this.state = 'open';
    return this.opened.answer;
  }

  private async shutdown(): Promise<null> {
    this.requireOpen();
    await this.close();
    return null;
  }
}
