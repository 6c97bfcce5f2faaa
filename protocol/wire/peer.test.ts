import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { createMessageConnection, type MessageConnection, type ResponseError } from 'vscode-jsonrpc/node';
import * as z from 'zod';
import { StudioError } from './errors';
import { call, handle, notify, onNotification } from './peer';
import { notification, request } from './spec';

const double = request(
  'test/double',
  z.object({ value: z.number().max(100) }),
  z.object({ value: z.number() }),
);
const tick = notification('test/tick', z.object({ count: z.number() }));

const connections: MessageConnection[] = [];
function pair(): [MessageConnection, MessageConnection] {
  const there = new PassThrough();
  const back = new PassThrough();
  const ends: [MessageConnection, MessageConnection] = [
    createMessageConnection(back, there),
    createMessageConnection(there, back),
  ];
  for (const end of ends) end.listen();
  connections.push(...ends);
  return ends;
}
afterEach(() => {
  for (const connection of connections.splice(0)) connection.dispose();
});
const unexpected = (method: string, error: unknown): void => {
  throw new Error(`${method} reported ${String(error)}`);
};

describe('peer', () => {
  it('carries params and results', async () => {
    const [client, server] = pair();
    handle(server, double, ({ value }) => ({ value: value * 2 }), unexpected);
    expect(await call(client, double, { value: 21 })).toEqual({ value: 42 });
  });

  it('answers a request that leaves its params out, as JSON-RPC allows', async () => {
    const [client, server] = pair();
    const nothing = request('test/nothing', z.unknown(), z.null());
    handle(server, nothing, () => null, unexpected);
    handle(server, double, ({ value }) => ({ value }), unexpected);
    expect(await client.sendRequest('test/nothing')).toBeNull();
    const error = await client.sendRequest('test/double').catch((e: unknown) => e as ResponseError<unknown>);
    expect(error).toMatchObject({ code: -32602 });
  });

  it('answers bad params with -32602 that names the field', async () => {
    const [client, server] = pair();
    handle(server, double, ({ value }) => ({ value }), unexpected);
    const error: ResponseError<unknown> = await client
      .sendRequest<never>('test/double', { value: 101 })
      .catch((e: unknown) => e as ResponseError<unknown>);
    expect(error.code).toBe(-32602);
    expect(error.message).toMatch(/value:.*100/);
  });

  it('keeps kind, message, retryable and details of a typed error', async () => {
    const [client, server] = pair();
    handle(
      server,
      double,
      () => {
        throw new StudioError('hub.rateLimited', 'Wait a minute.', {
          retryable: true,
          details: { seconds: 60 },
        });
      },
      unexpected,
    );
    await expect(call(client, double, { value: 1 })).rejects.toMatchObject({
      kind: 'hub.rateLimited',
      message: 'Wait a minute.',
      retryable: true,
      details: { seconds: 60 },
    });
  });

  it('withholds the cause of an internal error from the caller and reports it', async () => {
    const [client, server] = pair();
    const reported: unknown[] = [];
    handle(
      server,
      double,
      () => {
        throw new Error('password is 1234');
      },
      (_method, error) => reported.push(error),
    );
    const error = await call(client, double, { value: 1 }).catch((e: unknown) => e as StudioError);
    expect(error).toMatchObject({ kind: 'internal' });
    expect((error as StudioError).message).not.toContain('1234');
    expect(String(reported[0])).toContain('1234');
  });

  it('hands cancellation to the handler', async () => {
    const [client, server] = pair();
    let started!: () => void;
    const running = new Promise<void>((resolve) => (started = resolve));
    handle(
      server,
      double,
      (_params, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new StudioError('cancelled', 'Stopped.')));
          started();
        }),
      unexpected,
    );
    const controller = new AbortController();
    const answer = call(client, double, { value: 1 }, { signal: controller.signal });
    await running;
    controller.abort();
    await expect(answer).rejects.toMatchObject({ kind: 'cancelled' });
  });

  it('refuses a malformed answer', async () => {
    const [client, server] = pair();
    server.onRequest('test/double', () => ({ value: 'forty-two' }));
    await expect(call(client, double, { value: 1 })).rejects.toMatchObject({ kind: 'internal' });
  });

  it('delivers well-formed notifications and reports the others', async () => {
    const [client, server] = pair();
    const malformed = new Promise((resolve) => {
      onNotification(
        client,
        tick,
        () => undefined,
        (method) => resolve(method),
      );
    });
    const received = new Promise((resolve) => {
      const [a, b] = pair();
      onNotification(a, tick, resolve, unexpected);
      void notify(b, tick, { count: 3 });
    });
    await server.sendNotification('test/tick', { count: 'three' });
    expect(await malformed).toBe('test/tick');
    expect(await received).toEqual({ count: 3 });
  });
});
