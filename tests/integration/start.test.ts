/** `npm start` where desktop VS Code is: a `code` on the PATH that writes down what it was asked stands in for it. */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const windows = process.platform === 'win32';
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-start-'));
  const command = path.join(folder, windows ? 'code.cmd' : 'code');
  const asked = path.join(folder, 'asked');
  await writeFile(
    command,
    windows
      ? `@echo off\r\n(for %%a in (%*) do echo %%~a) > "${asked}"\r\n`
      : `#!/bin/sh\nprintf '%s\\n' "$@" > '${asked}'\n`,
  );
  await chmod(command, 0o755);
});
afterEach(() => rm(folder, { recursive: true }));

async function start(): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(root, 'scripts', 'start.mjs')], {
    cwd: folder,
    env: {
      ...process.env,
      PATH: `${folder}${path.delimiter}${process.env['PATH'] ?? ''}`,
      XDG_DATA_HOME: path.join(folder, 'data'),
      ...(windows && { LOCALAPPDATA: path.join(folder, 'data') }),
    },
  });
  return stdout;
}

describe('npm start with desktop VS Code', () => {
  it('opens it on a workspace of samples, and leaves what is in there alone the next time', async () => {
    const said = await start();
    const [extension, workspace] = (await readFile(path.join(folder, 'asked'), 'utf8')).split(/\r?\n/);
    expect(extension).toBe(`--extensionDevelopmentPath=${root}`);
    expect(said).toContain(`the studio opens in desktop VS Code on ${workspace}`);
    await expect(stat(path.join(root, 'dist', 'extension', 'extension.js'))).resolves.toBeDefined();
    const sample = path.join(workspace ?? '', 'iris.train.json');
    expect(await readFile(sample, 'utf8')).toContain('"tabular-classification"');

    await writeFile(sample, '{}');
    await start();
    expect(await readFile(sample, 'utf8')).toBe('{}');
  });
});
