import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configuredRegistry, packageAddress } from './npmRegistry';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'goya-npmrc-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const rc = (text: string) => writeFile(path.join(home, '.npmrc'), text);

describe("npm's registry", () => {
  it('is the one that npm asks', async () => {
    expect(await configuredRegistry({ env: {}, home })).toBeUndefined();
    await rc('@mine:registry=https://scoped.test/\n fund=false\nregistry = https://mirror.test/npm/\n');
    expect(await configuredRegistry({ env: {}, home })).toBe('https://mirror.test/npm/');
    const env = { npm_config_registry: 'https://env.test/' };
    expect(await configuredRegistry({ env, home })).toBe('https://env.test/');
  });

  it('that is no address is none', async () => {
    await rc('registry=${REGISTRY}\n');
    expect(await configuredRegistry({ env: {}, home })).toBeUndefined();
  });

  it('keeps a version at one place', () => {
    const address = 'https://mirror.test/npm/sherpa-onnx-linux-x64/-/sherpa-onnx-linux-x64-1.13.8.tgz';
    expect(packageAddress('https://mirror.test/npm/', 'sherpa-onnx-linux-x64', '1.13.8')).toBe(address);
    expect(packageAddress('https://mirror.test/npm', 'sherpa-onnx-linux-x64', '1.13.8')).toBe(address);
  });
});
