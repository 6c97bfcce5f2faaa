import { afterEach, describe, expect, it } from 'vitest';
import { curatedCategories, hubCurated } from '../../protocol/api/hub';
import { startHub, type Hub } from '../../tests/fixtures/hub/server.mjs';
import { eventually } from '../../tests/fixtures/eventually';
import { HubClient } from './client';
import { Curated } from './curated';
import { liveEntry } from './liveEntry';

let hub: Hub | undefined;
let client: HubClient;
afterEach(async () => {
  await client.close();
  await hub?.close();
  hub = undefined;
});
const open = (endpoint: string, offline = false): void => {
  client = new HubClient({
    options: () => ({ endpoint, token: undefined, offline }),
    backoff: { base: 1, cap: 1 },
  });
};

/** Waits for the hub however slow the machine is. */
function patient({ url }: Hub): Curated {
  open(url);
  return new Curated((repoId, signal) => liveEntry(client.api, repoId, signal), 60_000);
}

describe('curated', () => {
  it.each(curatedCategories)(
    'ships at least 15 %s models, each different, in the form that clients parse',
    async (category) => {
      open('http://127.0.0.1:9');
      const answer = hubCurated.result.parse(await client.curated(category));
      expect(answer.offline).toBe(true);
      expect(answer.models.length).toBeGreaterThanOrEqual(15);
      for (const model of answer.models) {
        expect(model.dateChecked).toMatch(/^2\d{3}-\d{2}/);
        expect(model.available).toBeUndefined();
      }
      const keys = answer.models.map((model) => `${model.repoId} ${(model.include ?? []).join()}`);
      expect(new Set(keys).size).toBe(keys.length);
    },
  );

  it('takes counts and gating from a hub that answers, and keeps what only the authors know', async () => {
    hub = await startHub();
    await hub.add(
      'facebook/mms-tts-fas',
      { 'a.txt': 'a' },
      { downloads: 42, likes: 3, gated: 'auto', tags: ['fa'] },
    );
    const { models, offline } = await patient(hub).list('tts');
    expect(offline).toBe(false);
    expect(models.find((model) => model.repoId === 'facebook/mms-tts-fas')).toMatchObject({
      downloads: 42,
      gated: true,
      licence: 'cc-by-nc-4.0',
      title: 'MMS Persian',
    });
    expect(models.find((model) => model.repoId === 'MohammadJRanjbar/ParsVoice-XTTS')).toMatchObject({
      gated: true,
    });
    const asked = hub.requests.length;
    expect(asked).toBe(new Set(models.map((model) => model.repoId)).size);
  });

  it('asks again for somebody else, or at another hub', async () => {
    hub = await startHub({ tokens: { hf_other: { name: 'sara', role: 'read' } } });
    const { url, requests } = hub;
    const asked: { token: string | undefined } = { token: undefined };
    client = new HubClient({
      options: () => ({ endpoint: url, token: asked.token, offline: false }),
      backoff: { base: 1, cap: 1 },
    });
    const lookUps = async (): Promise<number> => {
      await client.curated('tts');
      // All that was asked is answered, however slow the machine is.
      await eventually(async () => {
        const before = requests.length;
        await client.curated('tts');
        return requests.length === before;
      });
      return requests.length;
    };
    const first = await lookUps();
    expect(await lookUps()).toBe(first);
    asked.token = 'hf_other';
    expect(await lookUps()).toBeGreaterThan(first);
    expect(requests.at(-1)?.headers.authorization).toBe('Bearer hf_other');
  });

  it('says that it is offline when told to be', async () => {
    open('http://127.0.0.1:9', true);
    expect((await client.curated('stt')).offline).toBe(true);
  });

  it('says of each entry whether its weights are still on the hub', async () => {
    hub = await startHub();
    await hub.add('facebook/mms-tts-fas', { 'model.safetensors': 'x' });
    await hub.add('rhasspy/piper-voices', { 'fa/fa_IR/amir/medium/fa.onnx': 'x', 'README.md': '' });
    await hub.add('gyroing/Persian-Piper-Model-gyro', { 'README.md': 'moved' });
    const { models } = await patient(hub).list('tts');
    const available = Object.fromEntries(models.map((model) => [model.title, model.available]));
    expect(available).toMatchObject({
      'MMS Persian': true,
      'Piper Amir': true,
      // Other files of a repository that holds several voices.
      'Piper Gyro': false,
      // A repository that the hub does not know.
      'MMS Persian (SeyedAli)': false,
    });
    expect(models.find(({ repoId }) => repoId === 'gyroing/Persian-Piper-Model-gyro')?.available).toBe(false);
  });

  it('tells a licence that changed, and keeps what the list says against one', async () => {
    hub = await startHub();
    await hub.add('facebook/mms-tts-fas', { 'a.bin': 'x' }, { tags: ['license:mit'] });
    const { models } = await patient(hub).list('tts');
    const changed = models.find(({ repoId }) => repoId === 'facebook/mms-tts-fas');
    expect(changed).toMatchObject({ licence: 'mit' });
    expect(changed?.licenceNote).toMatch(/cc-by-nc-4\.0.*mit/);
    const gemma = (await patient(hub).list('llm')).models.find(({ repoId }) => /Gemma2_Farsi$/.test(repoId));
    expect(gemma?.licenceNote).toContain('Gemma terms');
  });

  it('one entry that fails leaves the others alone, and is asked again', async () => {
    hub = await startHub();
    await hub.add('facebook/mms-tts-fas', { 'model.safetensors': 'x' }, { downloads: 7 });
    hub.fault({ path: 'SeyedAli', status: 403 });
    const list = patient(hub);
    const first = await list.list('tts');
    expect(first.offline).toBe(false);
    expect(first.models.find(({ title }) => title === 'MMS Persian')?.downloads).toBe(7);
    expect(first.models.find(({ title }) => title === 'MMS Persian (SeyedAli)')).not.toHaveProperty(
      'available',
    );
    const asked = hub.requests.length;
    await list.list('tts');
    expect(hub.requests.slice(asked).map((each) => each.path)).toEqual([expect.stringContaining('SeyedAli')]);
  });

  it('does not wait for a slow hub, and takes its answers the next time', async () => {
    const waiting: (() => void)[] = [];
    client = new HubClient({
      options: () => ({ endpoint: 'http://127.0.0.1:9', token: undefined, offline: false }),
    });
    const list = new Curated(async (repoId) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      const tags: string[] = [];
      const model = { repoId, tags, downloads: 5, likes: 0, gated: false, private: false, languages: [] };
      return { model, paths: ['a.onnx'] };
    }, 1);
    const early = await list.list('stt');
    expect(early.offline).toBe(true);
    expect(early.models.every(({ downloads }) => downloads === 0)).toBe(true);
    await eventually(async () => {
      for (const answer of waiting.splice(0)) answer();
      const late = await list.list('stt');
      return !late.offline && late.models.every(({ downloads }) => downloads === 5);
    });
  });
});
