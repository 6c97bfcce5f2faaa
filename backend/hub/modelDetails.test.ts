import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHub, type Hub } from '../../tests/fixtures/hub/server.mjs';
import { HubClient } from './client';
import { changedNote, inheritedNote } from './licenceNotes';

let hub: Hub;
let client: HubClient;
let token: string | undefined;
beforeEach(async () => {
  token = undefined;
  hub = await startHub({ tokens: { hf_good: { name: 'good' }, hf_other: { name: 'other' } } });
  client = new HubClient({
    options: () => ({ endpoint: hub.url, token, offline: false }),
    backoff: { base: 1, cap: 2 },
  });
});
afterEach(async () => {
  await client.close();
  await hub.close();
});

describe('access', () => {
  it.each(['auto', 'manual'] as const)('says what to accept and where, gated %s', async (gated) => {
    await hub.add('org/gated', { 'a.bin': 'abc' }, { gated, readers: ['hf_good'] });
    const closed = (await client.model('org/gated')).access;
    expect(closed).toMatchObject({ gated, granted: false, url: `${hub.url}/org/gated` });
    expect(closed?.explanation).toContain(`${hub.url}/org/gated`);
    expect(closed?.explanation).toContain(gated === 'auto' ? 'at once' : 'authors decide');
    token = 'hf_other';
    expect((await client.model('org/gated')).access?.granted).toBe(false);
    token = 'hf_good';
    expect((await client.model('org/gated')).access).toMatchObject({ granted: true, explanation: '' });
  });

  it('is open to all otherwise', async () => {
    await hub.add('org/open', { 'a.bin': 'abc' });
    const { access, gated } = await client.model('org/open');
    expect(access).toMatchObject({ gated: false, granted: true, explanation: '' });
    expect(gated).toBe(false);
  });
});

describe('licences', () => {
  it('card and tags that disagree are told', async () => {
    await hub.add('org/two', { 'a.bin': 'a' }, { cardData: { license: 'mit' }, tags: ['license:gpl-3.0'] });
    const { licence, licenceNote } = await client.model('org/two');
    expect(licence).toBe('mit');
    expect(licenceNote).toMatch(/card says mit.*tags say gpl-3\.0/);
    await hub.add('org/one', { 'a.bin': 'a' }, { cardData: { license: 'mit' }, tags: ['license:mit'] });
    expect((await client.model('org/one')).licenceNote).toBeUndefined();
  });

  const model = {
    repoId: 'me/mine',
    tags: [] as string[],
    downloads: 0,
    likes: 0,
    gated: false,
    private: false,
    languages: [],
  };
  it('conditions of the base model are told', () => {
    const tags = ['base_model:google/gemma-2-2b'];
    expect(inheritedNote({ ...model, tags, licence: 'apache-2.0' })).toContain('Gemma terms');
    expect(inheritedNote({ ...model, tags, licence: 'gemma' })).toBeUndefined();
    expect(inheritedNote({ ...model, repoId: 'me/mms-tts-fas-copy', licence: 'mit' })).toContain(
      'cc-by-nc-4.0',
    );
    expect(inheritedNote({ ...model, licence: 'mit' })).toBeUndefined();
    expect(inheritedNote(model)).toBeUndefined();
  });

  it('a licence that changed since the list was checked is told', () => {
    expect(changedNote('mit', 'gpl-3.0')).toMatch(/mit.*gpl-3\.0/);
    expect(changedNote('mit', 'MIT')).toBeUndefined();
    expect(changedNote(undefined, 'mit')).toBeUndefined();
  });
});

it.each([
  [['Placeholder', 'Softmax'], { verdict: 'yes', engine: 'tf.js' }, 'graph model: runs'],
  [['Placeholder', 'MyOwnOp', 'Add'], { verdict: 'no' }, 'MyOwnOp'],
])('a tf.js graph model of %j', async (ops, judged, words) => {
  const node = ops.map((op, i) => ({ name: `n${i}`, op }));
  const graph = {
    format: 'graph-model',
    modelTopology: { node },
    weightsManifest: [{ paths: ['weights.bin'] }],
  };
  await hub.add('org/graph', { 'model.json': JSON.stringify(graph), 'weights.bin': Buffer.alloc(8) });
  const { runsHere } = await client.model('org/graph');
  expect(runsHere).toMatchObject(judged);
  expect(runsHere.reason).toContain(words);
});

it.each([
  ['only', { 'a.ckpt': 'x' }],
  ['only', { 'a.nemo': 'x' }],
  ['avoidable', { 'pytorch_model.bin': 'x', 'model.safetensors': 'x' }],
  ['none', { 'model.safetensors': 'x' }],
] as const)('pickle risk: %s', async (risk, files) => {
  await hub.add('org/m', files);
  expect((await client.model('org/m')).weights?.pickle).toBe(risk);
});
