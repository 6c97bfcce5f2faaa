import { describe, expect, it } from 'vitest';
import { useHubClient } from '../../tests/fixtures/hubClient';
import { longestCard, withoutFrontMatter } from './card';

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
  const loopback = useHubClient();

  it('comes without its front matter, of the revision asked for', async () => {
    const first = await loopback.hub.add('org/m', { 'README.md': '---\nlicense: mit\n---\n# سلام\n' });
    await loopback.hub.commit('org/m', { 'README.md': '# Second\n' });
    expect(await loopback.client.card({ repoId: 'org/m' })).toEqual({
      markdown: '# Second\n',
      truncated: false,
    });
    expect((await loopback.client.card({ repoId: 'org/m', revision: first })).markdown).toBe('# سلام\n');
  });

  it.each([{}, { ignoreRange: true }])('is cut when it is long: %j', async (fault) => {
    await loopback.hub.add('org/m', { 'README.md': 'x'.repeat(longestCard * 5) });
    loopback.hub.fault({ path: 'README.md', ...fault });
    const card = await loopback.client.card({ repoId: 'org/m' });
    expect(card.markdown).toHaveLength(longestCard);
    expect(card.truncated).toBe(true);
  });

  it('is empty where there is none, and an error where the repository is not there or not open', async () => {
    await loopback.hub.add('org/bare', { 'a.txt': 'a' });
    expect(await loopback.client.card({ repoId: 'org/bare' })).toEqual({ markdown: '', truncated: false });
    await loopback.hub.add('org/empty', { 'README.md': '' });
    expect((await loopback.client.card({ repoId: 'org/empty' })).markdown).toBe('');
    await expect(loopback.client.card({ repoId: 'org/nothing' })).rejects.toMatchObject({
      kind: 'hub.notFound',
    });
    await loopback.hub.add('org/gated', { 'README.md': 'x' }, { gated: 'manual' });
    await expect(loopback.client.card({ repoId: 'org/gated' })).rejects.toMatchObject({ kind: 'hub.gated' });
  });
});
