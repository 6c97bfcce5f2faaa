import { afterEach, describe, expect, it } from 'vitest';
import { curatedCategories, hubCurated } from '../../protocol/api/hub';
import { startHub, type Hub } from '../../tests/fixtures/hub/server.mjs';
import { HubClient } from './client';

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

describe('curated', () => {
  it.each(curatedCategories)(
    'ships at least 15 %s models, each different, in the form that clients parse',
    async (category) => {
      open('http://127.0.0.1:9');
      const answer = hubCurated.result.parse(await client.curated(category));
      expect(answer.offline).toBe(true);
      expect(answer.models.length).toBeGreaterThanOrEqual(15);
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
    open(hub.url);
    const { models, offline } = await client.curated('tts');
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

  it('says that it is offline when told to be', async () => {
    open('http://127.0.0.1:9', true);
    expect((await client.curated('stt')).offline).toBe(true);
  });
});
