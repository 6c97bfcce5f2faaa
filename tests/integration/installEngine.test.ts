/** The native engine installed by the built backend from a package index on loopback, which serves the real wheel. */
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enginesInstall, enginesList, enginesPreflight, installProgress } from '../../protocol/api/engines';
import { trainingEstimate } from '../../protocol/api/training';
import { cacheFolder } from '../../scripts/lib/cacheFolder.mjs';
import { requireWheel } from '../../scripts/lib/tensorflow/provision.mjs';
import { eventually } from '../fixtures/eventually';
import { repository, startBackend, type Backend } from './backend';

function cachedWheel(): { file: string; sha256: string } | undefined {
  try {
    const { sha256 } = requireWheel();
    const file = path.join(cacheFolder(), 'wheels', `${sha256.slice(0, 16)}.whl`);
    return existsSync(file) ? { file, sha256 } : undefined;
  } catch {
    return undefined; // not built for this system
  }
}
const wheel = cachedWheel();

let folder: string;
let backend: Backend;
let server: Server;
let index: string;
/** Bytes after which the server says no more; -1: it serves all. */
let pauseAt = -1;
const ranges: (string | undefined)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-engine-'));
  server = createServer((request, response) => {
    if (wheel === undefined) return void response.writeHead(404).end();
    if (request.url === '/simple/tensorflow-cpu/') {
      response.setHeader('content-type', 'text/html');
      return void response.end(`<a href="/files/tensorflow.whl#sha256=${wheel.sha256}">tensorflow.whl</a>`);
    }
    ranges.push(request.headers.range);
    void stat(wheel.file).then(({ size }) => {
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      response.writeHead(start > 0 ? 206 : 200, { 'content-length': size - start });
      const end = pauseAt < 0 ? size - 1 : pauseAt;
      createReadStream(wheel.file, { start, end }).pipe(response, { end: pauseAt < 0 });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  index = `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`;
  // The machine's own engine and proxies must not take part.
  const env = {
    GOYA_ENGINES_PATH: '',
    GOYA_CACHE: path.join(folder, 'cache'),
    XDG_CACHE_HOME: path.join(folder, 'cache'),
    NO_PROXY: '127.0.0.1',
    PIP_INDEX_URL: index,
  };
  backend = await startBackend({
    storagePath: path.join(folder, 'storage'),
    workspacePath: path.join(repository, 'samples', 'workspace'),
    env,
  });
});
afterAll(async () => {
  await backend.dispose();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const part = path.join('storage', 'wheels');

describe('engines/preflight', () => {
  it("names pip's index where nothing is missing", async () => {
    expect(await backend.call(enginesPreflight, {})).toEqual({ configuredHost: new URL(index).host });
  });

  it('says what is missing, and installs nothing', async () => {
    const bare = await startBackend({ env: { PATH: '', CXX: '' } });
    try {
      const why =
        process.platform === 'linux' && process.arch === 'x64' ? /no C\+\+ compiler/ : /Linux on x64 only/;
      const refused = { kind: 'engine.unavailable', message: expect.stringMatching(why) as string };
      await expect(bare.call(enginesPreflight, {})).rejects.toMatchObject(refused);
      await expect(bare.call(enginesInstall, { source: index })).rejects.toMatchObject(refused);
    } finally {
      await bare.dispose();
    }
  });
});

describe('engines/install', () => {
  it('says what an index lacks', async () => {
    const nowhere = `${new URL(index).origin}/nowhere`;
    const install = backend.call(enginesInstall, { source: nowhere });
    await expect(install).rejects.toMatchObject({ kind: 'engine.unavailable' });
    expect((await backend.call(enginesList, {})).engines[0]).toMatchObject({ available: false });
  });

  it('can be cancelled, goes on where it was, and the engine trains', async (context) => {
    context.skip(wheel === undefined, 'no TensorFlow wheel in the cache: node scripts/ensure.mjs tensorflow');
    pauseAt = 40_000_000;
    const stop = new AbortController();
    const told = backend.watch('engine');
    const first = backend.call(enginesInstall, { source: 'configured', token: 'engine' }, stop.signal);
    const refused = expect(first).rejects.toMatchObject({ kind: 'cancelled' });
    await eventually(
      async () => {
        const [name] = await readdir(path.join(folder, part)).catch(() => []);
        return name !== undefined && (await stat(path.join(folder, part, name))).size > 1_000_000;
      },
      { timeoutMs: 60_000 },
    );
    stop.abort();
    await refused;

    pauseAt = -1;
    const before = told.length;
    const engine = await backend.call(enginesInstall, { token: 'engine' });
    expect(engine).toMatchObject({ name: 'tensorflow', available: true });
    expect(ranges.at(-1)).toMatch(/^bytes=[1-9]\d+-$/);
    const progress = told.slice(before).map((value) => installProgress.parse(value));
    expect([...new Set(progress.map(({ step }) => step))]).toEqual([
      'check',
      'download',
      'unpack',
      'compile',
      'verify',
    ]);
    const bytes = progress.flatMap(({ bytesDone }) => bytesDone ?? []);
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
    // It did not begin anew, and came to the end.
    expect(bytes[0]).toBeGreaterThan(Number(/\d+/.exec(ranges.at(-1) ?? '')?.[0]) - 1);
    expect(bytes.at(-1)).toBe(progress.findLast(({ bytesTotal }) => bytesTotal !== undefined)?.bytesTotal);
    expect(await readdir(path.join(folder, 'storage', 'engines'))).toHaveLength(1);
    expect(existsSync(path.join(folder, part))).toBe(false);

    const configPath = path.join(repository, 'samples', 'workspace', 'iris.train.json');
    const estimate = await backend.call(trainingEstimate, { configPath });
    expect(estimate).toMatchObject({ engine: 'tensorflow', engineVersion: engine.version });
  }, 300_000);
});
