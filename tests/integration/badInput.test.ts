/** Everything a person can get wrong: each ends in a typed error that names the thing, and the backend goes on. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datasetsInspect } from '../../protocol/api/datasets';
import { hubModelInfo, hubSearch } from '../../protocol/api/hub';
import { inferenceRun } from '../../protocol/api/inference';
import { modelsGet, modelsImport } from '../../protocol/api/models';
import { healthCheck } from '../../protocol/api/session';
import { tokenValidate } from '../../protocol/api/settings';
import { trainingGet, trainingList, trainingStart, trainingValidate } from '../../protocol/api/training';
import { initializeParams, spawnBackend, startBackend, type Backend } from './backend';
import { initialize } from '../../protocol/api/session';

let workspace: string;
let backend: Backend;
beforeAll(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'goya-bad-'));
  backend = await startBackend({ workspacePath: workspace });
});
afterAll(async () => {
  await backend.dispose();
  await rm(workspace, { recursive: true, force: true });
});

async function put(name: string, content: string | Uint8Array): Promise<string> {
  const file = path.join(workspace, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}
const table = 'a,b,species\n1,2,x\n2,1,y\n3,4,x\n4,3,y\n5,6,x\n6,5,y\n7,8,x\n8,7,y\n9,1,x\n1,9,y\n';
const config = (data: unknown, more: object = {}): string =>
  JSON.stringify({ task: 'tabular-classification', name: 'bad', data, output: 'models/out', ...more });

describe('training configs', () => {
  it.each<[string, string | undefined, RegExp, RegExp]>([
    [
      'broken.train.json',
      '{ "task": "tabular-classification", "name": }',
      /invalid|broken|syntax|expected/i,
      /^/,
    ],
    ['unknown-task.train.json', JSON.stringify({ task: 'telepathy', name: 'x' }), /telepathy/, /^\/task$/],
    [
      'missing-data.train.json',
      config({ path: 'nowhere.csv', label: 'species' }),
      /nowhere\.csv/,
      /^\/data\/path$/,
    ],
    [
      'label-absent.train.json',
      config({ path: 'table.csv', label: 'kind' }),
      /kind[\s\S]*species/,
      /^\/data\/label$/,
    ],
    [
      'one-class.train.json',
      config({ path: 'one.csv', label: 'species' }),
      /one (class|label)|only.*\bx\b/i,
      /^\/data/,
    ],
    ['nan.train.json', config({ path: 'nan.csv', label: 'species' }), /line 3|NaN/i, /^\/data/],
    [
      'typo.train.json',
      config({ path: 'table.csv', label: 'species' }, { trainig: {} }),
      /training/,
      /^\/trainig$/,
    ],
    [
      'outside.train.json',
      config({ path: '../../../etc/passwd', label: 'species' }),
      /workspace/,
      /^\/data\/path$/,
    ],
    [
      'outside-output.train.json',
      JSON.stringify({
        task: 'tabular-classification',
        name: 'x',
        data: { path: 'table.csv', label: 'species' },
        output: '/elsewhere',
      }),
      /workspace/,
      /^\/output$/,
    ],
    [
      'empty-folders.train.json',
      JSON.stringify({
        task: 'audio-classification',
        name: 'x',
        data: { path: 'clips' },
        output: 'models/out',
      }),
      /clips|empty|no /i,
      /^\/data/,
    ],
    [
      'not-a-wav.train.json',
      JSON.stringify({
        task: 'audio-classification',
        name: 'x',
        data: { path: 'noise' },
        output: 'models/out',
      }),
      /broken\.wav/,
      /^\/data/,
    ],
  ])('%s', async (name, content, message, pointer) => {
    await put('table.csv', table);
    await put('one.csv', table.replaceAll(',y\n', ',x\n'));
    await put('nan.csv', table.replace('2,1,y', 'NaN,1,y'));
    await mkdir(path.join(workspace, 'clips', 'yes'), { recursive: true });
    await mkdir(path.join(workspace, 'clips', 'no'), { recursive: true });
    for (const label of ['yes', 'no']) await put(`noise/${label}/broken.wav`, 'this is not audio');
    const configPath = await put(name, content ?? '');

    const { ok, problems } = await backend.call(trainingValidate, { configPath });
    expect(ok).toBe(false);
    const errors = problems.filter((problem) => problem.severity === 'error');
    expect(errors.map((problem) => problem.message).join('\n')).toMatch(message);
    expect(
      errors.some((problem) => pointer.test(problem.path)),
      JSON.stringify(errors),
    ).toBe(true);

    const before = await backend.call(trainingList, {});
    await expect(backend.call(trainingStart, { configPath })).rejects.toMatchObject({
      kind: expect.stringMatching(/^training\.invalid(Config|Data)$/) as string,
    });
    expect(await backend.call(trainingList, {})).toEqual(before);
    expect(await readdir(workspace)).not.toContain('models');
  });

  it('names a config file that does not exist', async () => {
    const configPath = path.join(workspace, 'absent.train.json');
    await expect(backend.call(trainingStart, { configPath })).rejects.toMatchObject({
      kind: 'training.invalidConfig',
      message: expect.stringContaining('absent.train.json') as string,
    });
  });
});

describe('things that are not there', () => {
  const id = '00000000-0000-4000-8000-000000000000';
  it('each has its kind', async () => {
    await expect(backend.call(modelsGet, { id })).rejects.toMatchObject({ kind: 'model.notFound' });
    await expect(backend.call(trainingGet, { id })).rejects.toMatchObject({ kind: 'training.notFound' });
    await expect(backend.call(modelsImport, { path: path.join(workspace, 'void') })).rejects.toMatchObject({
      kind: 'model.notFound',
    });
    await expect(backend.call(datasetsInspect, { path: path.join(workspace, 'void') })).rejects.toMatchObject(
      { kind: 'dataset.notFound' },
    );
    await expect(
      backend.call(inferenceRun, { modelPath: path.join(workspace, 'void'), input: {} }),
    ).rejects.toMatchObject({ kind: 'model.notFound' });
  });

  it('a damaged model is refused as such', async () => {
    await put(
      'damaged/model.json',
      '{"modelTopology": {}, "weightsManifest": [{"paths": ["weights.bin"], "weights": []}]}',
    );
    await put('damaged/weights.bin', new Uint8Array(3));
    await expect(
      backend.call(inferenceRun, {
        modelPath: path.join(workspace, 'damaged'),
        input: { values: { shape: [1, 1], data: [1] } },
      }),
    ).rejects.toMatchObject({ kind: expect.stringMatching(/^model\.(corrupt|unsupported)$/) as string });
    expect((await backend.call(healthCheck, {})).checks.find((check) => check.name === 'database')?.ok).toBe(
      true,
    );
  });
});

describe('the network', () => {
  it('says which hub is unreachable and what can be done', async () => {
    for (const failing of [
      () => backend.call(hubSearch, { query: 'persian' }),
      () => backend.call(hubModelInfo, { repoId: 'org/name' }),
      () => backend.call(tokenValidate, { token: 'hf_whatever' }),
    ]) {
      await expect(failing()).rejects.toMatchObject({
        kind: 'hub.unreachable',
        message: expect.stringContaining('127.0.0.1:9') as string,
        retryable: true,
      });
    }
  });
});

describe('storage and database', () => {
  it('an unreachable server is named without its password', async () => {
    const lost = await startBackend({ env: { DATABASE_URL: 'postgres://goya:s3cretword@127.0.0.1:9/goya' } });
    try {
      const error = await lost.call(trainingList, {}).catch((e: unknown) => e as Error);
      expect(error).toMatchObject({ kind: 'database.unavailable' });
      expect((error as Error).message).toContain('127.0.0.1:9');
      expect((error as Error).message + lost.stderr).not.toContain('s3cretword');
      const report = await lost.call(healthCheck, {});
      expect(report.status).toBe('unhealthy');
    } finally {
      await lost.dispose();
    }
  });

  it('a second backend on the same storage is told who holds it', async () => {
    const second = await startBackend({ storagePath: backend.storagePath });
    try {
      await backend.call(trainingList, {});
      await expect(second.call(trainingList, {})).rejects.toMatchObject({
        kind: 'database.locked',
        message: expect.stringContaining(String(backend.child.pid)) as string,
      });
    } finally {
      await second.dispose();
    }
    expect((await backend.call(trainingList, {})).runs).toEqual([]);
  });

  it('a storage path that is a file is refused with its name', async () => {
    const file = await put('storage-file', 'not a folder');
    const broken = await spawnBackend({ storagePath: file });
    try {
      await broken.call(initialize, initializeParams(broken)).catch(() => undefined);
      const report = await broken.call(healthCheck, {});
      expect(report.status).toBe('unhealthy');
      expect(report.checks.find((check) => check.name === 'storage')?.detail).toContain('storage-file');
    } finally {
      await broken.dispose();
    }
  });
});
