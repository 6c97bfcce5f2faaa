/** The ONNX engine installed by the built backend from a registry and an index on loopback, which serve the real archives. */
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enginesInstall, enginesList, enginesPreflight, installProgress } from '../../protocol/api/engines';
import { healthCheck } from '../../protocol/api/session';
import { cacheFolder } from '../../scripts/lib/cacheFolder.mjs';
import { packageFor, release } from '../../scripts/lib/onnx/release.mjs';
import { eventually } from '../fixtures/eventually';
import { startBackend, type Backend } from './backend';

const here = packageFor();
const cached = (sha256: string, kind: string): string =>
  path.join(cacheFolder(), 'wheels', `${sha256.slice(0, 16)}.${kind}`);
const archives =
  here === undefined ? undefined : [cached(here.sha256, 'tgz'), cached(release.data.sha256, 'whl')];
const present = archives?.every((file) => existsSync(file)) === true;

let folder: string;
let backend: Backend;
let server: Server;
let origin: string;
/** Bytes of the package after which the server says no more; -1: it serves all. */
let pauseAt = -1;
/** Whether another file comes in the package's place. */
let swapped = false;
const ranges: (string | undefined)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-onnx-engine-'));
  server = createServer((request, response) => {
    const url = request.url ?? '';
    if (url === '/simple/espeakng-loader/') {
      response.setHeader('content-type', 'text/html');
      return void response.end(`<a href="/files/espeak.whl#sha256=${release.data.sha256}">espeak.whl</a>`);
    }
    const isPackage = url.startsWith(`/npm/${here?.name}/-/`);
    const file = isPackage !== swapped ? archives?.[0] : archives?.[1];
    if (file === undefined || !(isPackage || url === '/files/espeak.whl'))
      return void response.writeHead(404).end();
    if (isPackage) ranges.push(request.headers.range);
    void stat(file).then(({ size }) => {
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const whole = !isPackage || pauseAt < 0;
      response.writeHead(start > 0 ? 206 : 200, { 'content-length': size - start });
      createReadStream(file, { start, end: whole ? size - 1 : pauseAt }).pipe(response, { end: whole });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // The machine's own engine and proxies must not take part.
  const env = {
    GOYA_ENGINES_PATH: '',
    GOYA_CACHE: path.join(folder, 'cache'),
    XDG_CACHE_HOME: path.join(folder, 'cache'),
    NO_PROXY: '127.0.0.1',
    PIP_INDEX_URL: `${origin}/simple`,
    npm_config_registry: `${origin}/npm/`,
  };
  backend = await startBackend({ storagePath: path.join(folder, 'storage'), env });
});
afterAll(async () => {
  await backend.dispose();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const state = async () => (await backend.call(enginesList, {})).engines.find(({ name }) => name === 'onnx');
const wheels = () => path.join(folder, 'storage', 'wheels');
const install = (token: string, signal?: AbortSignal) =>
  backend.call(enginesInstall, { engine: 'onnx', source: 'configured', token }, signal);

describe('the ONNX engine', () => {
  it('is not there at first: list and health say how to get it', async () => {
    expect(await state()).toMatchObject({
      available: false,
      reason: expect.stringContaining('Install ONNX Engine') as string,
    });
    const { checks, status } = await backend.call(healthCheck, {});
    expect(checks.find(({ name }) => name === 'onnx')).toMatchObject({
      ok: true,
      detail: expect.stringContaining('not installed') as string,
    });
    expect(status).not.toBe('unhealthy');
    expect(await backend.call(enginesPreflight, { engine: 'onnx' })).toEqual({
      configuredHost: new URL(origin).host,
    });
  });

  it('is not taken from a registry that has it not, or has another file', async (context) => {
    context.skip(!present, 'no archives in the cache: node scripts/ensure.mjs onnx');
    const source = `${origin}/nowhere`;
    await expect(backend.call(enginesInstall, { engine: 'onnx', source })).rejects.toMatchObject({
      kind: 'engine.unavailable',
      message: expect.stringContaining('404') as string,
    });
    swapped = true;
    await expect(install('swapped')).rejects.toMatchObject({ kind: 'download.checksum' });
    swapped = false;
    expect(await state()).toMatchObject({ available: false });
  });

  it('can be cancelled, goes on where it was, and has spoken before it stands', async (context) => {
    context.skip(!present, 'no archives in the cache: node scripts/ensure.mjs onnx');
    pauseAt = 4_000_000;
    const stop = new AbortController();
    const refused = expect(install('first', stop.signal)).rejects.toMatchObject({ kind: 'cancelled' });
    await eventually(async () => {
      const [name] = await readdir(wheels()).catch(() => []);
      return name !== undefined && (await stat(path.join(wheels(), name))).size > 1_000_000;
    });
    stop.abort();
    await refused;

    pauseAt = -1;
    const told = backend.watch('second');
    expect(await install('second')).toMatchObject({
      name: 'onnx',
      available: true,
      version: release.version,
    });
    expect(ranges.at(-1)).toMatch(/^bytes=[1-9]\d+-$/);
    const steps = told.map((value) => installProgress.parse(value).step);
    expect([...new Set(steps)]).toEqual(['check', 'download', 'unpack', 'verify']);
    expect(existsSync(wheels())).toBe(false);
    expect(await readdir(path.join(folder, 'storage', 'engines'))).toEqual([
      `sherpa-onnx-${release.version}`,
    ]);
    const { checks } = await backend.call(healthCheck, {});
    expect(checks.find(({ name }) => name === 'onnx')?.detail).toContain(`sherpa-onnx ${release.version}`);
  }, 60_000);
});
