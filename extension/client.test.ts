import { PassThrough } from 'node:stream';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { afterEach, expect, it } from 'vitest';
import { modelsVerify } from '../protocol/api/models';
import { healthCheck } from '../protocol/api/session';
import { progressNotification, topicsSubscribe, topicsUnsubscribe } from '../protocol/api/topics';
import type { Download } from '../protocol/model/download';
import { StudioError } from '../protocol/wire/errors';
import { handle, notify } from '../protocol/wire/peer';
import { eventually } from '../tests/fixtures/eventually';
import { Client, type ClientSession } from './client';
import { Supervisor, type Exit } from './supervisor';

const id = '7b0a6f0a-7c5c-4a52-9d8e-0d9f5f1f3a10';
const download = (seq: number, bytesDone: number): Download => ({
  id,
  repoId: 'a/b',
  commit: 'c',
  path: '/models/a/b',
  state: 'downloading',
  bytesDone,
  bytesTotal: 100,
  filesDone: 0,
  filesTotal: 1,
  bytesPerSecond: 0,
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
  seq,
});

/** The backend's end of an in-memory connection. */
class FakeBackend implements ClientSession {
  readonly connection: MessageConnection;
  readonly server: MessageConnection;
  readonly subscribed: string[] = [];
  readonly left: string[] = [];
  private leave: (exit: Exit) => void = () => undefined;
  readonly exited = new Promise<Exit>((resolve) => (this.leave = resolve));

  constructor(snapshot: () => readonly Download[]) {
    const up = new PassThrough();
    const down = new PassThrough();
    this.connection = createMessageConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
    this.server = createMessageConnection(new StreamMessageReader(up), new StreamMessageWriter(down));
    void this.exited.then(() => this.connection.dispose());
    handle(
      this.server,
      topicsSubscribe,
      ({ topic, token }) => {
        this.subscribed.push(`${topic} ${token}`);
        return { items: [...snapshot()] };
      },
      () => undefined,
    );
    handle(
      this.server,
      topicsUnsubscribe,
      ({ token }) => {
        this.left.push(String(token));
        return {};
      },
      () => undefined,
    );
    this.server.listen();
    this.connection.listen();
  }

  tell(value: unknown): Promise<void> {
    const token = this.subscribed.at(-1)?.split(' ')[1] ?? '';
    return notify(this.server, progressNotification, { token, value });
  }

  stop(): Promise<void> {
    this.crash();
    return Promise.resolve();
  }

  crash(): void {
    this.leave({ code: 1, signal: null });
  }
}

const open: FakeBackend[] = [];
afterEach(() => {
  for (const backend of open.splice(0)) {
    backend.crash();
    backend.server.dispose();
  }
});

function setup(snapshots: readonly Download[][]) {
  const backends: FakeBackend[] = [];
  const problems: string[] = [];
  const supervisor = new Supervisor<FakeBackend>(
    () => {
      const items = snapshots[backends.length] ?? [];
      const backend = new FakeBackend(() => items);
      backends.push(backend);
      open.push(backend);
      return Promise.resolve(backend);
    },
    { now: () => 0, after: (_, run) => (setImmediate(run), () => undefined) },
  );
  const client = new Client(supervisor, (problem) => problems.push(problem));
  return { backends, problems, supervisor, client };
}

it('tells how far a watched call is, until it is answered', async () => {
  const { backends, client, supervisor } = setup([[]]);
  await supervisor.ready();
  const { server } = backends[0]!;
  let token = '';
  handle(
    server,
    modelsVerify,
    async (params) => {
      token = String(params.token);
      await notify(server, progressNotification, { token, value: { bytesDone: 5 } });
      await notify(server, progressNotification, { token: 'another', value: { bytesDone: 6 } });
      return { ok: true, problems: [] };
    },
    () => undefined,
  );
  const seen: unknown[] = [];
  const watched = {
    signal: new AbortController().signal,
    onProgress: (value: unknown) => void seen.push(value),
  };
  expect(await client.callWatched(modelsVerify, { id }, watched)).toEqual({ ok: true, problems: [] });
  expect(seen).toEqual([{ bytesDone: 5 }]);
  await notify(server, progressNotification, { token, value: { bytesDone: 7 } });
  await client.call(modelsVerify, { id });
  expect(seen).toHaveLength(1);
});

it('keeps a topic over a restart, asking for each snapshot once', async () => {
  const { backends, client, supervisor } = setup([[download(5, 10)], [download(2, 50)]]);
  let restored = 0;
  client.onRestored(() => (restored += 1));
  const topic = client.subscribe('downloads');
  await topic.ready();
  expect(topic.mirror.get(id)?.bytesDone).toBe(10);
  expect(backends[0]!.subscribed).toHaveLength(1);

  await backends[0]!.tell(download(6, 20));
  await eventually(() => topic.mirror.get(id)?.bytesDone === 20);

  backends[0]!.crash();
  await eventually(() => restored === 1);
  expect(supervisor.state.kind).toBe('running');
  // The numbers of another life may be smaller: the new snapshot counts all the same.
  expect(topic.mirror.get(id)?.bytesDone).toBe(50);
  expect(backends[1]!.subscribed).toEqual(backends[0]!.subscribed);
  await backends[1]!.tell({ id, removed: true });
  await eventually(() => topic.mirror.list().length === 0);
});

it('ends a subscription at both ends', async () => {
  const { backends, client } = setup([[]]);
  const topic = client.subscribe('downloads');
  await topic.ready();
  topic.dispose();
  await eventually(() => backends[0]!.left.length === 1);
  await backends[0]!.tell(download(1, 1));
  expect(topic.mirror.list()).toEqual([]);
});

it('drops malformed items and says so', async () => {
  const { backends, client, problems } = setup([[]]);
  const topic = client.subscribe('downloads');
  await topic.ready();
  await backends[0]!.tell({ id, nonsense: true });
  await eventually(() => problems.some((problem) => problem.includes('malformed item')));
  expect(topic.mirror.list()).toEqual([]);
});

it('says that the backend stopped when it stopped during a call', async () => {
  const { backends, client, supervisor } = setup([[], []]);
  await supervisor.ready();
  handle(
    backends[0]!.server,
    healthCheck,
    () => {
      backends[0]!.crash();
      return new Promise(() => undefined);
    },
    () => undefined,
  );
  await expect(client.call(healthCheck, {})).rejects.toMatchObject({
    retryable: true,
    message: expect.stringContaining('stopped while it worked on health/check') as string,
  });
});

it("passes a call's own error on with its kind", async () => {
  const { backends, client, supervisor } = setup([[]]);
  await supervisor.ready();
  handle(
    backends[0]!.server,
    healthCheck,
    () => {
      throw new StudioError('database.unavailable', 'It does not answer.', { retryable: true });
    },
    () => undefined,
  );
  await expect(client.call(healthCheck, {})).rejects.toMatchObject({ kind: 'database.unavailable' });
});
