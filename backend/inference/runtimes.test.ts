import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Detected } from '../sdk/modelRuntime';
import { filesOnDisk } from '../weights/folderFiles';
import { runtimeJudge } from './runtimeJudge';
import { Runtimes } from './runtimes';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'goya-runtimes-'));
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function runtime(id: string, code: string): Promise<void> {
  await mkdir(path.join(folder, id));
  await writeFile(path.join(folder, id, 'index.js'), code);
}
const whole = (detect: string): string =>
  `export default { title: 'T', engine: 'onnx', detect: ${detect}, load: async () => ({}) };`;
const files = filesOnDisk('/nowhere', [{ path: 'a.onnx', size: 1, mtimeMs: 0 }]);

describe('runtimes', () => {
  it('are found by their folders; a broken one hurts only itself', async () => {
    await runtime('a-throws', 'throw new Error("no")');
    await runtime('b-lacks', 'export default { title: "T" };');
    await runtime('c-fails', whole('async () => { throw new Error("odd") }'));
    await runtime('d-knows', whole("async () => ({ task: 'text-to-speech', architecture: 'X' })"));
    await mkdir(path.join(folder, 'e-empty'));
    const broken: string[] = [];
    const found = new Runtimes(folder, (entry) => broken.push(path.basename(path.dirname(entry))));
    const known = await found.detect(files);
    expect(known).toMatchObject({ loaded: { id: 'd-knows' }, detected: { architecture: 'X' } });
    expect(broken.sort()).toEqual(['a-throws', 'b-lacks', 'c-fails', 'e-empty']);
  });

  it('are none where there is no folder', async () => {
    expect(await new Runtimes(path.join(folder, 'nowhere')).detect(files)).toBeUndefined();
  });
});

describe('the verdict', () => {
  const judge = (detected: Partial<Detected>, available: boolean) => {
    const loaded = { id: 'x', entry: '', runtime: { title: 'T' } as never };
    const whole: Detected = { task: 'text-to-speech', architecture: 'X', ...detected };
    const detect = () => Promise.resolve({ loaded, detected: whole });
    const engine = { name: 'onnx', available, reason: 'not installed' };
    return runtimeJudge({ detect }, () => Promise.resolve(engine))(files);
  };
  it('is yes, and says where the engine is missing', async () => {
    expect((await judge({}, true))?.runsHere).toMatchObject({ verdict: 'yes', engine: 'T' });
    const { verdict, reason } = (await judge({}, false))!.runsHere;
    expect(verdict).toBe('yes');
    expect(reason).toContain('not installed');
  });
  it('is no with what it lacks', async () => {
    expect((await judge({ lacks: 'It has no head.' }, true))?.runsHere).toEqual({
      verdict: 'no',
      reason: 'The weights are ONNX (X). It has no head.',
    });
  });
});
