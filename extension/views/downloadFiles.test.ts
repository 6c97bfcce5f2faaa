import { expect, it, vi } from 'vitest';
import type { DownloadFile } from '../../protocol/model/download';
import { TopicMirror } from '../topicMirror';
import type { TreeNode } from './treeNode';

/** What the tree needs of VS Code: items that carry what they are given. */
vi.mock('vscode', () => ({
  TreeItem: class {
    constructor(
      readonly label: string,
      readonly collapsibleState: number,
    ) {}
  },
  TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
  ThemeIcon: class {},
  ThemeColor: class {},
  MarkdownString: class {},
  Uri: { file: (path: string) => ({ path }), from: (parts: unknown) => parts },
}));
const { DownloadFiles } = await import('./downloadFiles');
const { NodePool } = await import('./treeNode');

const count = 600;
const file = (index: number, part: Partial<DownloadFile> = {}): DownloadFile => ({
  id: `file-${index}`,
  downloadId: 'download',
  path: `part/${String(index).padStart(3, '0')}.json`,
  size: 1000,
  bytesDone: 0,
  state: 'waiting',
  seq: 1,
  ...part,
});

function unfolded() {
  const mirror = new TopicMirror<DownloadFile>();
  mirror.reset(Array.from({ length: count }, (_, index) => file(index)));
  const refreshed: TreeNode[] = [];
  const pool = new NodePool();
  const self = pool.node({ key: 'self', look: { label: 'self', contextValue: 'goya.group' } });
  const files = new DownloadFiles('download', self, {
    client: {
      subscribe: () => ({ mirror, ready: () => Promise.resolve(), dispose: () => undefined }),
    } as never,
    pool,
    refresh: (node) => refreshed.push(node),
  });
  return { mirror, files, self, refreshed };
}
const labels = (nodes: readonly TreeNode[]): unknown[] => nodes.map((node) => node.item().label);

it('shows several hundreds of files a hundred at a time', async () => {
  const { files } = unfolded();
  const page = await files.children('/models');
  expect(page).toHaveLength(101);
  expect(labels(page).slice(0, 2)).toEqual(['part/000.json', 'part/001.json']);
  expect(labels(page).at(-1)).toBe('500 more files');
  const next = await page.at(-1)?.children?.();
  expect(labels(next ?? []).at(0)).toBe('part/100.json');
});

it('draws one row anew for one file that changed, and none for a file that nobody sees', async () => {
  const { mirror, files, refreshed, self } = unfolded();
  const page = await files.children('/models');
  mirror.apply(file(7, { seq: 2, state: 'downloading', bytesDone: 500 }));
  expect(refreshed).toEqual([page[7]]);
  expect(page[7]?.item().description).toContain('50 %');
  mirror.apply(file(300, { seq: 2, state: 'done', bytesDone: 1000 }));
  expect(refreshed).toEqual([page[7]]);
  mirror.apply(file(count, { path: 'part/new.json' }));
  expect(refreshed).toEqual([page[7], self]);
});

it('keeps a node for each file, so that what is chosen or unfolded stays', async () => {
  const { mirror, files } = unfolded();
  const before = await files.children('/models');
  mirror.apply(file(3, { seq: 2, state: 'done', bytesDone: 1000 }));
  const after = await files.children('/models');
  expect(after).toHaveLength(before.length);
  after.forEach((node, index) => expect(node).toBe(before[index]));
});
