/** Goya and `hf download --local-dir` at the same folder: neither fetches what the other has, each finishes what the other left. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { downloadsGet, downloadsStart } from '../../protocol/api/downloads';
import { eventually } from '../fixtures/eventually';
import { startHub, type Hub } from '../fixtures/hub/server.mjs';
import { hfDownload, pythonClient, spawnHf, type PythonSession } from '../fixtures/pythonClient';
import { startBackend, type Backend } from './backend';

const client = await pythonClient();
const repoId = 'org/voice';
const files: Record<string, Buffer> = {
  'config.json': Buffer.from('{"model_type":"vits"}'),
  'empty.txt': Buffer.alloc(0),
  'model.safetensors': randomBytes(40 << 20),
  'nested/صدا.json': Buffer.from('{"متن":"سلام"}'),
};
const large = files['model.safetensors']!;

let hub: Hub;
let folder: string;
let model: string;
let session: PythonSession;
const running: Backend[] = [];

beforeEach(async () => {
  hub = await startHub();
  await hub.add(repoId, files);
  folder = await mkdtemp(path.join(tmpdir(), 'goya-handover-'));
  model = path.join(folder, 'models', 'org', 'voice');
  session = { endpoint: hub.url, home: path.join(folder, 'home') };
});
afterEach(async () => {
  for (const backend of running.splice(0)) await backend.dispose();
  await hub.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function open(): Promise<Backend> {
  const backend = await startBackend({
    storagePath: path.join(folder, 'storage'),
    modelsPath: path.join(folder, 'models'),
    env: { HF_ENDPOINT: hub.url },
  });
  running.push(backend);
  return backend;
}
async function download(backend: Backend): Promise<void> {
  const { id } = await backend.call(downloadsStart, { repoId, include: ['*'] });
  await eventually(
    async () => {
      const { state, error } = await backend.call(downloadsGet, { id });
      if (state === 'failed') throw new Error(JSON.stringify(error));
      return state === 'completed';
    },
    { timeoutMs: 60_000 },
  );
}
async function expectWhole(): Promise<void> {
  for (const [name, data] of Object.entries(files)) {
    expect(data.equals(await readFile(path.join(model, name))), name).toBe(true);
  }
}
/** Bytes of files that were handed out since `from`, whichever host did. */
function bodies(from = 0): number {
  const ofFiles = hub.requests
    .slice(from)
    .filter(({ method, path: where }) => method === 'GET' && !where.startsWith('/api/models'));
  return ofFiles.reduce((sum, { bytes }) => sum + bytes, 0);
}
async function partialBytes(): Promise<number> {
  const kept = path.join(model, '.cache', 'huggingface', 'download');
  const names = (await readdir(kept).catch(() => [])).filter((name) => name.endsWith('.incomplete'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(kept, name))).size));
  return Math.max(0, ...sizes);
}

describe.skipIf(client === undefined)('one folder, two clients', () => {
  it('hf fetches nothing of what Goya has', async () => {
    await download(await open());
    const before = hub.requests.length;
    await hfDownload(client!, session, repoId, model);
    expect(hub.requests.length).toBeGreaterThan(before);
    expect(bodies(before)).toBe(0);
    await expectWhole();
  });

  it('Goya fetches nothing of what hf has', async () => {
    await hfDownload(client!, session, repoId, model);
    const before = hub.requests.length;
    await download(await open());
    expect(hub.requests.length).toBeGreaterThan(before);
    expect(bodies(before)).toBe(0);
    await expectWhole();
  });

  it('Goya goes on from the bytes of an hf that was killed', async () => {
    const slow = hub.fault({ host: 'cdn', bytesPerSecond: 10_000_000 });
    const child = spawnHf(client!, session, repoId, model);
    const exited = once(child, 'exit');
    await eventually(async () => (await partialBytes()) > 8_000_000, { timeoutMs: 60_000 });
    child.kill('SIGKILL');
    await exited;
    slow();
    const found = await partialBytes();
    await hub.quiet();
    const before = hub.requests.length;
    await download(await open());
    await expectWhole();
    const small = Object.values(files).reduce((sum, data) => sum + data.length, 0) - large.length;
    expect(bodies(before)).toBeLessThanOrEqual(large.length - found + small);
  });

  it('hf finishes what a killed Goya left, and Goya then finds all of it', async () => {
    const slow = hub.fault({ host: 'cdn', bytesPerSecond: 5_000_000 });
    const backend = await open();
    const { id } = await backend.call(downloadsStart, { repoId, include: ['*'] });
    await eventually(async () => (await backend.call(downloadsGet, { id })).bytesDone > 8_000_000, {
      timeoutMs: 60_000,
    });
    await backend.kill();
    slow();
    await hfDownload(client!, session, repoId, model);
    await expectWhole();
    await hub.quiet();
    const before = hub.requests.length;
    await download(await open());
    expect(bodies(before)).toBe(0);
    await expectWhole();
    const kept = await readdir(path.join(model, '.cache', 'huggingface', 'download'), { recursive: true });
    expect(kept.filter((name) => /ranges|staged/.test(name))).toEqual([]);
  });
});
