import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copySamples, desktopCommand, openerOf, prepareProfile } from './studio.mjs';

let root;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'goya-studio-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('copySamples', () => {
  it("adds what is missing and leaves the person's own files alone", async () => {
    await mkdir(path.join(root, 'samples', 'workspace'), { recursive: true });
    await writeFile(path.join(root, 'samples', 'workspace', 'a.json'), 'ours');
    await writeFile(path.join(root, 'samples', 'workspace', 'b.json'), 'ours');
    const workspace = path.join(root, 'copy');
    await mkdir(workspace);
    await writeFile(path.join(workspace, 'a.json'), 'theirs');
    await copySamples(root, workspace);
    expect(await readFile(path.join(workspace, 'a.json'), 'utf8')).toBe('theirs');
    expect(await readFile(path.join(workspace, 'b.json'), 'utf8')).toBe('ours');
  });
});

describe('prepareProfile', () => {
  it('writes settings once', async () => {
    await prepareProfile(root);
    const file = path.join(root, 'User', 'settings.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toHaveProperty(['workbench.startupEditor'], 'none');
    await writeFile(file, '{}');
    await prepareProfile(root);
    expect(await readFile(file, 'utf8')).toBe('{}');
  });
});

describe('programs of each system', () => {
  it.each([
    ['linux', ['xdg-open', 'http://x']],
    ['darwin', ['open', 'http://x']],
    ['win32', ['rundll32.exe', 'url.dll,FileProtocolHandler', 'http://x']],
  ])('opens an address on %s', (platform, expected) => {
    expect(openerOf('http://x', platform)).toEqual(expected);
  });

  it('starts a batch file through cmd on Windows only', () => {
    expect(desktopCommand('C:\\code.cmd', ['a b'], 'win32')).toEqual([
      'cmd.exe',
      ['/d', '/c', 'C:\\code.cmd', 'a b'],
    ]);
    expect(desktopCommand('/usr/bin/code', ['a b'], 'linux')).toEqual(['/usr/bin/code', ['a b']]);
  });
});
