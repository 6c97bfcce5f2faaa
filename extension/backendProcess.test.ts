import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { healthCheck } from '../protocol/api/session';
import { call } from '../protocol/wire/peer';
import { startBackend, type BackendProcessOptions } from './backendProcess';
import type { LogLine } from './logLines';

/** A backend of a few lines: answers `initialize`, `health/check` and `shutdown`, and misbehaves as FAKE says. */
const fakeBackend = `
const { FAKE } = process.env;
process.stderr.write('{"level":30,"msg":"starting"}\\n');
if (FAKE === 'dies') process.exit(3);
process.on('message', ({ id, method, params }) => {
  const answer = (result) => process.send({ jsonrpc: '2.0', id, result });
  if (method === 'initialize' && FAKE !== 'silent')
    answer({ protocolVersion: 1, server: { name: params.client.name, version: process.argv[2] }, engines: [], plugins: [] });
  if (method === 'health/check') process.kill(process.pid, 'SIGKILL');
  if (method === 'shutdown' && FAKE !== 'stuck') answer(null);
  if (method === 'exit') process.exit(0);
});
process.on('disconnect', () => process.exit(0));
setInterval(() => undefined, 1000);
`;

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function start(fake: string, options: Partial<BackendProcessOptions> = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'goya-process-'));
  folders.push(folder);
  const entry = path.join(folder, 'main.cjs');
  await writeFile(entry, fakeBackend);
  const lines: LogLine[] = [];
  const started = startBackend({
    entry,
    env: { ...process.env, FAKE: fake },
    onLog: (line) => lines.push(line),
    initialize: {
      protocolVersion: 1,
      client: { name: 'test', version: '0' },
      storagePath: folder,
      modelsPath: folder,
    },
    ...options,
  });
  return { started, lines };
}

it('greets the process, passes its log on and ends it cleanly', async () => {
  const { started, lines } = await start('well');
  const session = await started;
  expect(session.info.server).toEqual({ name: 'test', version: '--node-ipc' });
  expect(session.pid).toBeGreaterThan(0);
  await session.stop();
  expect(await session.exited).toMatchObject({ code: 0, signal: null });
  expect(lines).toContainEqual({ level: 'info', message: 'starting' });
});

it('rejects what is under way when the process dies, and says so', async () => {
  const session = await (await start('well')).started;
  await expect(call(session.connection, healthCheck, {})).rejects.toThrow();
  expect((await session.exited).code).not.toBe(0);
});

it('tells a process that ends while starting, to be tried again', async () => {
  const { started } = await start('dies');
  await expect(started).rejects.toMatchObject({
    retryable: true,
    message: expect.stringContaining('code 3') as string,
  });
});

it('gives up on a process that does not answer, and leaves none behind', async () => {
  const { started } = await start('silent', { handshakeTimeoutMs: 300 });
  await expect(started).rejects.toMatchObject({
    retryable: true,
    message: expect.stringContaining('0.3 seconds') as string,
  });
});

it('names a program that cannot be started, for good', async () => {
  const { started } = await start('well', { nodePath: path.join(tmpdir(), 'no-such-node') });
  await expect(started).rejects.toMatchObject({ kind: 'settings.invalid', retryable: false });
});

it('kills a process that does not shut down in time', async () => {
  const session = await (await start('stuck', { shutdownTimeoutMs: 200 })).started;
  await session.stop();
  expect((await session.exited).code).not.toBe(0);
});
