import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { Failure } from './failure.mjs';

/**
 * The built backend as any program can use it: a child process that speaks JSON-RPC on its standard streams.
 * `node` is a child of this process; `spawnedAt` is for measuring.
 */
export class BackendClient {
  constructor(root, { env = {}, onLog } = {}) {
    this.spawnedAt = performance.now();
    this.child = spawn(process.execPath, [path.join(root, 'dist', 'backend', 'main.js'), '--stdio'], {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.stderr = '';
    this.child.stderr.setEncoding('utf8').on('data', (text) => {
      this.stderr = (this.stderr + text).slice(-50_000);
      onLog?.(text);
    });
    this.exited = once(this.child, 'exit');
    this.connection = createMessageConnection(
      new StreamMessageReader(this.child.stdout),
      new StreamMessageWriter(this.child.stdin),
    );
    this.listeners = new Map();
    this.connection.onNotification('$/progress', ({ token, value }) => this.listeners.get(token)?.(value));
    this.connection.listen();
  }

  get pid() {
    return this.child.pid;
  }

  /** Sends a request; an error becomes a Failure that names the method and the kind. */
  async call(method, params = {}) {
    const gone = this.exited.then(([code, signal]) => {
      throw new Failure(
        `the backend ended (${signal ?? `code ${code}`}) during ${method}:\n${this.stderr.slice(-3000)}`,
      );
    });
    gone.catch(() => {}); // the race below may be over before it ends
    try {
      return await Promise.race([this.connection.sendRequest(method, params), gone]);
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw new Failure(`${method}: ${error.message} [${error.data?.kind ?? error.code}]`, { cause: error });
    }
  }

  /** Hears every change of a topic's objects; gives back the snapshot. */
  async subscribe(topic, onValue) {
    const token = `${topic}-${this.listeners.size}`;
    this.listeners.set(token, onValue);
    const { items } = await this.call('topics/subscribe', { topic, token });
    for (const item of items) onValue(item);
  }

  /** Ends it as a client should; kills it when it does not go within 10 s. */
  async stop() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    await this.exited;
    clearTimeout(timer);
    this.connection.dispose();
  }
}
