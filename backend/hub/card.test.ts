import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHub, type Hub } from '../../tests/fixtures/hub/server.mjs';
import { longestCard, withoutFrontMatter } from './card';
import { HubClient } from './client';

describe('front matter', () => {
  it.each([
    ['---\nlicense: mit\n---\n\n# Title\n', '# Title\n'],
    ['\uFEFF---\r\na: b\r\n---\r\ntext', 'text'],
    ['---\n---\ntext', 'text'],
    ['# No front matter\n---\nx', '# No front matter\n---\nx'],
    ['---\nnever closed', '---\nnever closed'],
    ['', ''],
  ])('%j becomes %j', (text, rest) => {
    expect(withoutFrontMatter(text)).toBe(rest);
  });
});

describe('the card', () => {
  let hub: Hub;
  let client: HubClient;
  beforeEach(async () => {
    hub = await startHub();
    client = new HubClient({
      options: () => ({ endpoint: hub.url, token: undefined, offline: false }),
      backoff: { base: 1, cap: 2 },
    });
  });
  afterEach(async () => {
    await client.close();
    await hub.close();
  });

  it('comes without its front matter, of the revision asked for', async () => {
    const first = await hub.add('org/m', { 'README.md': '---\nlicense: mit\n---\n# سلام\n' });
    await hub.commit('org/m', { 'README.md': '# Second\n' });
    expect(await client.card({ repoId: 'org/m' })).toEqual({ markdown: '# Second\n', truncated: false });
    expect((await client.card({ repoId: 'org/m', revision: first })).markdown).toBe('# سلام\n');
  });

  it.each([{}, { ignoreRange: true }])('is cut when it is long: %j', async (fault) => {
    await hub.add('org/m', { 'README.md': 'x'.repeat(longestCard * 5) });
    hub.fault({ path: 'README.md', ...fault });
    const card = await client.card({ repoId: 'org/m' });
    expect(card.markdown).toHaveLength(longestCard);
    expect(card.truncated).toBe(true);
  });

  it('is empty where there is none, and an error where the repository is not there or not open', async () => {
    await hub.add('org/bare', { 'a.txt': 'a' });
    expect(await client.card({ repoId: 'org/bare' })).toEqual({ markdown: '', truncated: false });
    await hub.add('org/empty', { 'README.md': '' });
    expect((await client.card({ repoId: 'org/empty' })).markdown).toBe('');
    await expect(client.card({ repoId: 'org/nothing' })).rejects.toMatchObject({ kind: 'hub.notFound' });
    await hub.add('org/gated', { 'README.md': 'x' }, { gated: 'manual' });
    await expect(client.card({ repoId: 'org/gated' })).rejects.toMatchObject({ kind: 'hub.gated' });
  });
});
