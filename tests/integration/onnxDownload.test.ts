/** A Piper voice of a collection of many languages, from the hub to its sound, through the built backend. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downloadsGet, downloadsPlan, downloadsStart } from '../../protocol/api/downloads';
import { enginesList } from '../../protocol/api/engines';
import { hubModelInfo } from '../../protocol/api/hub';
import { inferenceRun } from '../../protocol/api/inference';
import { modelsList } from '../../protocol/api/models';
import { publishedTaskOf } from '../../protocol/model/published';
import { eventually } from '../fixtures/eventually';
import { startHub, type Hub } from '../fixtures/hub/server.mjs';
import { startBackend, type Backend } from './backend';

const fixtures = path.resolve(import.meta.dirname, '../fixtures/sherpa');
const repoId = 'rhasspy/piper-voices';
const persian = 'fa/fa_IR/tiny/medium/fa_IR-tiny-medium.onnx';

let hub: Hub;
let backend: Backend;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-onnx-hub-'));
  const voice = path.join(fixtures, 'piper', 'fa_IR-tiny-medium.onnx');
  const [onnx, json] = await Promise.all([readFile(voice), readFile(`${voice}.json`)]);
  hub = await startHub({});
  await hub.add(
    repoId,
    {
      'README.md': 'voices',
      'de/de_DE/eva/low/de_DE-eva-low.onnx': onnx,
      'de/de_DE/eva/low/de_DE-eva-low.onnx.json': json,
      [persian]: onnx,
      [`${persian}.json`]: json,
      'fa/fa_IR/tiny/medium/MODEL_CARD': 'tiny',
    },
    { pipeline_tag: 'text-to-speech', tags: ['fa'] },
  );
  const nemo = path.join(fixtures, 'nemo-ctc');
  await hub.add(
    'someone/persian-fastconformer-sherpa-onnx',
    {
      'model.onnx': await readFile(path.join(nemo, 'model.onnx')),
      'model.int8.onnx': await readFile(path.join(nemo, 'model.onnx')),
      'tokens.txt': await readFile(path.join(nemo, 'tokens.txt')),
    },
    { tags: ['fa'] },
  );
  backend = await startBackend({
    modelsPath: path.join(folder, 'models'),
    env: { HF_ENDPOINT: hub.url },
  });
});
afterAll(async () => {
  await backend.dispose();
  await hub.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the hub', () => {
  it('is asked for kilobytes to know that a voice runs here', async () => {
    const { runsHere, weights } = await backend.call(hubModelInfo, { repoId });
    expect(runsHere).toMatchObject({ verdict: 'yes', engine: 'sherpa-onnx' });
    expect(runsHere.reason).toContain('Piper VITS');
    expect(weights).toMatchObject({ architecture: 'Piper VITS', pickle: 'none' });
  });

  it('tells a recogniser by its metadata, and one precision of it is enough', async () => {
    const repo = { repoId: 'someone/persian-fastconformer-sherpa-onnx' };
    const { runsHere, weights } = await backend.call(hubModelInfo, repo);
    expect(runsHere).toMatchObject({ verdict: 'yes', engine: 'sherpa-onnx' });
    expect(weights?.architecture).toBe('NeMo CTC');
    const { files } = await backend.call(downloadsPlan, repo);
    expect(files.map(({ path: name }) => name).sort()).toEqual(['model.onnx', 'tokens.txt']);
  });

  it('gives the Persian voice, which then speaks', async (context) => {
    const { files, note } = await backend.call(downloadsPlan, { repoId });
    const names = files.map(({ path: name }) => name);
    expect(names).toContain(persian);
    expect(names).toContain(`${persian}.json`);
    expect(names.filter((name) => name.startsWith('de/'))).toEqual([]);
    expect(note).toContain('de_DE-eva-low.onnx');
    const { id } = await backend.call(downloadsStart, { repoId });
    await eventually(async () => (await backend.call(downloadsGet, { id })).state === 'completed', {
      timeoutMs: 30_000,
    });
    const { models } = await backend.call(modelsList, { type: 'tts' });
    const model = models.find((one) => one.repoId === repoId);
    expect(model).toMatchObject({ architecture: 'Piper VITS', format: 'onnx', status: 'ready' });
    expect(publishedTaskOf(model!)).toBe('text-to-speech');
    const { engines } = await backend.call(enginesList, {});
    const installed = engines.some(({ name, available }) => name === 'onnx' && available);
    context.skip(!installed, 'the ONNX engine is not installed: node scripts/ensure.mjs onnx');
    const spoken = await backend.call(inferenceRun, {
      modelPath: model!.path,
      input: { text: 'سلام دنیا.' },
    });
    expect(spoken).toMatchObject({ engine: 'sherpa-onnx', output: { samplingRate: 22050 } });
    expect(spoken.timings.audioSeconds).toBeGreaterThan(0);
  });
});
