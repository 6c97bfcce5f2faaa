import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import { holdBackendLock } from './backendKey';

/** Milliseconds between two attempts to connect again. */
const pause = 500;

/**
 * A connection of its own that holds the backend's advisory lock, so that others that share the server see that it
 * lives and leave its work alone. PostgreSQL lets go of it when the process dies, in whatever way.
 */
export class Presence {
  private client: pg.Client | undefined;
  private stopped = false;
  private readonly ending = new AbortController();
  private reconnecting: Promise<void> | undefined;

  constructor(
    private readonly makeClient: () => pg.Client,
    private readonly log: Logger,
  ) {}

  async start(): Promise<void> {
    const client = this.makeClient();
    client.on('error', (error) => this.lost(client, error));
    client.on('end', () => this.lost(client, undefined));
    this.client = client;
    try {
      await client.connect();
      await client.query(holdBackendLock);
    } catch (error) {
      this.client = undefined;
      await client.end().catch(() => undefined);
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.ending.abort();
    await this.reconnecting;
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private lost(client: pg.Client, error: Error | undefined): void {
    if (this.stopped || this.client !== client) return;
    this.client = undefined;
    this.log.warn({ reason: error?.message }, 'the connection that shows this backend alive was lost');
    this.reconnecting = this.again();
  }

  private async again(): Promise<void> {
    for (;;) {
      await wait(pause, undefined, { signal: this.ending.signal }).catch(() => undefined);
      if (this.stopped || this.client !== undefined) return;
      await this.start().catch((error: unknown) => this.log.debug({ err: error }, 'not connected again yet'));
    }
  }
}
