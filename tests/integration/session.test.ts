import { readFile, readdir } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-jsonrpc/node';
import { pluginsList } from '../../protocol/api/plugins';
import { healthCheck, initialize } from '../../protocol/api/session';
import { settingsGet, settingsUpdate, tokenSet } from '../../protocol/api/settings';
import { call } from '../../protocol/wire/peer';
import { eventually } from '../fixtures/eventually';
import { initializeParams, repository, spawnBackend, startBackend, type Backend } from './backend';

const open: Backend[] = [];
function track(backend: Backend): Backend {
  open.push(backend);
  return backend;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((backend) => backend.dispose()));
});

/** Rejections as the wire carries them: code and data. */
async function wireError(
  promise: Promise<unknown>,
): Promise<{ code: number; message: string; data?: unknown }> {
  return promise.then(
    () => Promise.reject(new Error('expected a rejection')),
    (error: unknown) => error as { code: number; message: string },
  );
}

describe('session', () => {
  it('refuses everything before initialize with -32002', async () => {
    const backend = track(await spawnBackend());
    for (const method of ['health/check', 'no/such/method']) {
      expect((await wireError(backend.connection.sendRequest(method, {}))).code).toBe(-32002);
    }
  });

  it('answers initialize with its engines and plugins, before the database is open', async () => {
    const backend = track(await spawnBackend());
    const answer = await backend.call(initialize, initializeParams(backend));
    expect(answer.protocolVersion).toBe(1);
    expect(answer.engines.map((engine) => engine.name)).toEqual(['tensorflow', 'wasm', 'cpu']);
    expect(answer.plugins.map((plugin) => plugin.id)).toEqual(
      expect.arrayContaining(['audio-classification', 'tabular-classification']),
    );
    expect(answer.plugins.every((plugin) => plugin.loaded)).toBe(true);
  });

  it('answers an unknown method with -32601 and bad params with -32602 naming the field', async () => {
    const backend = track(await startBackend());
    expect((await wireError(backend.connection.sendRequest('no/such/method', {}))).code).toBe(-32601);
    const bad = await wireError(backend.connection.sendRequest('hub/search', { limit: 'many' }));
    expect(bad.code).toBe(-32602);
    expect(bad.message).toContain('limit');
  });

  it('reports its health, and an unreachable hub as degraded', async () => {
    const backend = track(await startBackend());
    const report = await backend.call(healthCheck, {});
    const byName = Object.fromEntries(report.checks.map((check) => [check.name, check]));
    expect(byName['database']).toMatchObject({
      ok: true,
      detail: expect.stringContaining(process.env['GOYA_DATABASES'] ?? 'embedded') as string,
    });
    expect(byName['storage']).toMatchObject({ ok: true });
    expect(byName['engine']).toMatchObject({ ok: true });
    expect(byName['hub']).toMatchObject({ ok: false });
    expect(byName['hub']?.detail).toContain('127.0.0.1');
    expect(report.status).toBe('degraded');
  });

  it('shuts down cleanly, and exits when its standard input closes', async () => {
    const polite = track(await startBackend());
    await polite.call(healthCheck, {});
    expect(await polite.stop()).toBe(0);

    const abandoned = track(await startBackend());
    await abandoned.call(healthCheck, {});
    abandoned.child.stdin.end();
    expect(await abandoned.exited).toEqual({ code: 0, signal: null });
  });

  it('ends also when every stream breaks at once, as when its client is killed', async () => {
    const orphan = track(await startBackend({ env: { GOYA_LOG_LEVEL: 'trace' } }));
    await orphan.call(healthCheck, {});
    orphan.child.stderr.destroy();
    orphan.child.stdout.destroy();
    orphan.child.stdin.destroy();
    expect((await orphan.exited).signal).toBeNull();
  });

  it('keeps settings across sessions and refuses unknown keys whole', async () => {
    const first = track(await startBackend());
    await first.call(settingsUpdate, { settings: { downloads: { parallelFiles: 3 } } });
    const refused = await wireError(
      first.connection.sendRequest('settings/update', {
        settings: { downloads: { parallelFiles: 5, paralelRanges: 2 } },
      }),
    );
    expect(refused.code).toBe(-32602);
    expect(refused.message).toContain('paralelRanges');
    expect((await first.call(settingsGet, {})).settings.downloads).toEqual({ parallelFiles: 3 });
    await first.kill();

    const second = track(await startBackend({ storagePath: first.storagePath }));
    expect((await second.call(settingsGet, {})).settings.downloads).toEqual({ parallelFiles: 3 });
  });

  it('never writes a token to its log or to stderr', async () => {
    const token = 'hf_SecretTokenForThisTest123';
    const backend = track(
      await startBackend({ initialize: { hubToken: token }, env: { GOYA_LOG_LEVEL: 'trace' } }),
    );
    await backend.call(tokenSet, { token: `${token}4` });
    await wireError(backend.connection.sendRequest('hub/model', { repoId: `org/${token}` }));
    await backend.call(healthCheck, {});
    const folder = path.join(backend.storagePath, 'logs');
    const logs = await eventually(async () => {
      const files = await readdir(folder);
      const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
      return texts.join('').includes('session starts') && texts.join('');
    });
    expect(logs + backend.stderr).not.toContain('SecretTokenForThisTest');
  });

  it('serves a client that listens on a pipe', async () => {
    const backend = track(await spawnBackend()); // for its temporary folders only
    const pipe =
      process.platform === 'win32'
        ? `\\\\.\\pipe\\goya-test-${process.pid}`
        : path.join(path.dirname(backend.storagePath), 'goya.sock');
    const server = createServer();
    const socket = new Promise<Socket>((resolve) => server.once('connection', resolve));
    await new Promise<void>((resolve) => server.listen(pipe, resolve));
    const child = spawn(process.execPath, [path.join(repository, 'dist/backend/main.js'), `--pipe=${pipe}`], {
      stdio: 'ignore',
    });
    try {
      const stream = await socket;
      const connection = createMessageConnection(
        new SocketMessageReader(stream),
        new SocketMessageWriter(stream),
      );
      connection.listen();
      await call(connection, initialize, initializeParams(backend));
      expect((await call(connection, pluginsList, {})).plugins.length).toBeGreaterThan(1);
      const exited = new Promise((resolve) => child.once('exit', resolve));
      stream.destroy();
      expect(await exited).toBe(0);
    } finally {
      child.kill('SIGKILL');
      server.close();
    }
  });
});
