import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { npmEnvironment } from './npm.mjs';
import { run, which } from './run.mjs';

let folder;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'goya-run-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const node = (code) => [process.execPath, ['-e', code]];

describe('run', () => {
  it('gives back what a program printed', async () => {
    const { stdout, stderr, code } = await run(...node('console.log("out"); console.error("err")'));
    expect([stdout.trim(), stderr.trim(), code]).toEqual(['out', 'err', 0]);
  });

  it('fails with the end of what was printed', async () => {
    await expect(run(...node('console.error("the reason"); process.exit(3)'))).rejects.toThrow(
      /ended with code 3:[^]*the reason/,
    );
  });

  it('names a program that does not exist', async () => {
    await expect(run(path.join(folder, 'nothing'), [])).rejects.toThrow(/nothing: .*ENOENT/);
  });

  it('closes the standard input, so that nothing waits for a person', async () => {
    const { stdout } = await run(...node('process.stdin.on("end", () => console.log("closed")).resume()'));
    expect(stdout.trim()).toBe('closed');
  });
});

describe.skipIf(process.platform === 'win32')('which', () => {
  it('finds a program, not a file without the right to run or a folder', async () => {
    const [a, b] = [path.join(folder, 'a'), path.join(folder, 'b')];
    await mkdir(path.join(a, 'tool'), { recursive: true });
    await mkdir(b);
    await writeFile(path.join(a, 'other'), '');
    await writeFile(path.join(b, 'tool'), '');
    await chmod(path.join(b, 'tool'), 0o755);
    const env = { PATH: [a, b].join(':') };
    expect(await which('tool', { env })).toBe(path.join(b, 'tool'));
    expect(await which('other', { env })).toBeUndefined();
  });
});

describe('npmEnvironment', () => {
  it("drops the outer npm's command and keeps its registry", () => {
    const env = npmEnvironment({
      npm_config_registry: 'r',
      npm_config_ignore_scripts: 'true',
      npm_package_name: 'goya',
      npm_lifecycle_event: 'test',
      npm_config_nodedir: '/n',
      PATH: '/bin',
    });
    expect(env).toEqual({
      npm_config_registry: 'r',
      npm_config_nodedir: '/n',
      npm_config_yes: 'true',
      PATH: '/bin',
    });
  });
});
