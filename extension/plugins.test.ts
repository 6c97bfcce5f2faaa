import path from 'node:path';
import { expect, it, vi } from 'vitest';

vi.mock('vscode', () => ({}));
const { contributedPlugins } = await import('./plugins');

const folder = path.resolve('/extensions/someone');
const contributor = (goya: unknown) => ({
  id: 'someone.plugin',
  extensionPath: folder,
  packageJSON: { goya } as unknown,
});

it('takes the modules that extensions name', () => {
  const problems: string[] = [];
  const found = contributedPlugins(
    [
      contributor({ plugins: ['./a.mjs', 'dist/b.mjs'] }),
      contributor(undefined),
      { ...contributor(null), packageJSON: undefined },
      contributor({ plugins: [] }),
    ],
    (message) => problems.push(message),
  );
  expect(found).toEqual([
    { path: path.join(folder, 'a.mjs'), extensionId: 'someone.plugin' },
    { path: path.join(folder, 'dist', 'b.mjs'), extensionId: 'someone.plugin' },
  ]);
  expect(problems).toEqual([]);
});

it.each([[['../other/a.mjs']], [[path.resolve('/etc/a.mjs')]], [['.']], [[7]], ['./a.mjs'], [{}]])(
  'leaves out %j and says so',
  (plugins) => {
    const problems: string[] = [];
    expect(contributedPlugins([contributor({ plugins })], (message) => problems.push(message))).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('someone.plugin');
  },
);
