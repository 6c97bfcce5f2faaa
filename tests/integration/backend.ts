/** The built backend as a client sees it: a child process behind JSON-RPC on its standard streams. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { exit, initialize, shutdown } from '../../protocol/api/session';
import { progressNotification, topicsSubscribe, type TopicName } from '../../protocol/api/topics';
import { call, notify, onNotification } from '../../protocol/wire/peer';
import type { ParamsIn, RequestSpec, Result } from '../../protocol/wire/spec';
import { sharedServer } from '../fixtures/databases';

export const repository = path.resolve(import.meta.dirname, '../..');
const entry = path.join(repository, 'dist/backend/main.js');

export interface BackendOptions {
  /** Kept by the caller; a temporary folder otherwise. */
  readonly storagePath?: string;
  readonly modelsPath?: string;
  readonly workspacePath?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly initialize?: Partial<ParamsIn<typeof initialize>>;
}

/** A running backend that has answered `initialize` (unless started by `spawnBackend`). */
export class Backend {
  stderr = '';
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  private nextToken = 1;
  private readonly topics = new Map<unknown, Record<string, unknown>[]>();

  constructor(
    readonly child: ChildProcessWithoutNullStreams,
    readonly connection: MessageConnection,
    readonly storagePath: string,
    readonly modelsPath: string,
    private readonly cleanUp: () => Promise<void>,
  ) {
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    connection.onError(() => undefined);
    onNotification(
      connection,
      progressNotification,
      ({ token, value }) => this.topics.get(token)?.push(value as Record<string, unknown>),
      () => undefined,
    );
  }

  call<S extends RequestSpec>(spec: S, params: ParamsIn<S>, signal?: AbortSignal): Promise<Result<S>> {
    return call(this.connection, spec, params, { signal });
  }

  /** Subscribes and hands over the snapshot and every later value, unparsed. */
  async subscribe(
    topic: TopicName,
    id?: string,
  ): Promise<{ items: unknown[]; values: Record<string, unknown>[] }> {
    const token = `test-${this.nextToken++}`;
    const values: Record<string, unknown>[] = [];
    this.topics.set(token, values);
    const { items } = await this.call(topicsSubscribe, { topic, token, ...(id === undefined ? {} : { id }) });
    return { items, values };
  }

  /** What `$/progress` brings for a token of the caller's own, unparsed. */
  watch(token: string): Record<string, unknown>[] {
    const values: Record<string, unknown>[] = [];
    this.topics.set(token, values);
    return values;
  }

  /** Shuts down as a client should and answers the exit code. */
  async stop(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await this.call(shutdown, {});
      await notify(this.connection, exit, {});
    }
    const { code } = await this.exited;
    await this.dispose();
    return code;
  }

  /** Ends it without a word, as a crash or a power cut would. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
    this.connection.dispose();
  }

  /** Kills it if it still runs and removes its temporary folders. */
  async dispose(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.kill();
    this.connection.dispose();
    await this.cleanUp();
  }
}

const databases = new Map<string, Promise<string>>();

/** With `GOYA_DATABASES=server`: one database on a real server for each storage; undefined for the embedded one. */
function databaseUrl(storagePath: string): Promise<string> | undefined {
  if (process.env['GOYA_DATABASES'] !== 'server') return undefined;
  const url = databases.get(storagePath) ?? sharedServer().then((server) => server.createDatabase());
  databases.set(storagePath, url);
  return url;
}

/** Starts the process without `initialize`. */
export async function spawnBackend(options: BackendOptions = {}): Promise<Backend> {
  const temporary = await mkdtemp(path.join(tmpdir(), 'goya-test-'));
  const storagePath = options.storagePath ?? path.join(temporary, 'storage');
  const modelsPath = options.modelsPath ?? path.join(temporary, 'models');
  const child = spawn(process.execPath, [entry, '--stdio'], {
    env: {
      ...process.env,
      DATABASE_URL: await databaseUrl(storagePath),
      HF_TOKEN: undefined,
      HF_ENDPOINT: 'http://127.0.0.1:9',
      HF_HOME: path.join(temporary, 'hf-home'),
      ...options.env,
    },
    stdio: 'pipe',
  });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  return new Backend(child, connection, storagePath, modelsPath, () =>
    rm(temporary, { recursive: true, force: true, maxRetries: 5 }),
  );
}

export function initializeParams(
  backend: Backend,
  options: BackendOptions = {},
): ParamsIn<typeof initialize> {
  return {
    protocolVersion: 1,
    client: { name: 'integration-test', version: '0' },
    storagePath: backend.storagePath,
    modelsPath: backend.modelsPath,
    workspacePath: options.workspacePath ?? null,
    trusted: true,
    ...options.initialize,
  };
}

export async function startBackend(options: BackendOptions = {}): Promise<Backend> {
  const backend = await spawnBackend(options);
  try {
    await backend.call(initialize, initializeParams(backend, options));
  } catch (error) {
    await backend.dispose();
    throw error;
  }
  return backend;
}
