/** Reference vectors of other implementations, computed again with the product's own code on WebAssembly. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadEngine } from '../../backend/training/engines/load';
import { readNpy } from '../goldens/npy';
import { runGoldens, type Totals } from '../goldens/run';

const here = path.resolve(import.meta.dirname, '../goldens/data');
const everything = path.resolve(import.meta.dirname, '../../../shared/goldens/public');
const folder = mkdtempSync(path.join(tmpdir(), 'goya-goldens-'));

beforeAll(async () => {
  await loadEngine('wasm', { storagePath: undefined });
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

/** What failed, and the totals. */
async function run(
  root: string,
  only?: readonly string[],
): Promise<Totals & { faults: string[]; out: string }> {
  const out = mkdtempSync(path.join(folder, 'out-'));
  const lines: string[] = [];
  const before = memory().numTensors;
  const totals = await runGoldens(root, out, { tell: (line) => lines.push(line), ...(only ? { only } : {}) });
  expect(memory().numTensors).toBe(before);
  return { ...totals, faults: lines.filter((line) => line.startsWith('FAIL')), out };
}

describe('reference vectors', () => {
  it.each([
    ['gpt2', 16],
    ['weight_formats', 16],
    ['ctc_loss', 16],
    ['bert_tokcls', 10],
    ['wav2vec2_base', 9],
  ])('of %s are met', async (name, least) => {
    const { faults, passed, out } = await run(here, [name]);
    expect(faults).toEqual([]);
    expect(passed).toBeGreaterThanOrEqual(least);
    expect(existsSync(path.join(out, name, 'outputs.json'))).toBe(true);
  });

  it('are computed, not copied: the arrays written are the engine’s', async () => {
    const { out } = await run(here, ['gpt2']);
    const read = (root: string, file: string) => readNpy(readFileSync(path.join(root, 'gpt2', file)), file);
    const [got, wanted] = [read(out, 'logits.npy'), read(here, 'expected/logits.npy')];
    expect(got.shape).toEqual(wanted.shape);
    expect([...got.data]).not.toEqual([...wanted.data]);
  });

  it('fail where an expected number is another', async () => {
    const root = path.join(folder, 'changed');
    cpSync(path.join(here, 'ctc_loss'), path.join(root, 'a', 'call'), { recursive: true });
    const file = path.join(root, 'a', 'call', 'expected', 'basic', 'loss.npy');
    const bytes = readFileSync(file);
    bytes.writeFloatLE(bytes.readFloatLE(bytes.length - 4) + 0.01, bytes.length - 4);
    writeFileSync(file, bytes);
    const { faults } = await run(root);
    expect(faults).toEqual([
      expect.stringMatching(/^FAIL {2}a\/call\/basic\/loss\.npy: largest difference (9\.9|1\.0)\de-[23]/),
    ]);
  });

  it('fail in one line where the weights are damaged', async () => {
    const root = path.join(folder, 'damaged');
    cpSync(path.join(here, 'gpt2'), path.join(root, 'model'), { recursive: true });
    const file = path.join(root, 'model', 'model.safetensors');
    writeFileSync(file, readFileSync(file).subarray(0, 5000));
    const { faults, out } = await run(root);
    expect(faults).toEqual([expect.stringContaining('model.corrupt: model.safetensors is damaged')]);
    expect(readFileSync(path.join(out, 'model', 'outputs.json'), 'utf8')).toContain(
      '"kind": "model.corrupt"',
    );
  });

  it('may ask for a refusal, and tell of weight files that belong to no case', async () => {
    const root = path.join(folder, 'refused');
    cpSync(path.join(here, 'gpt2'), path.join(root, 'model'), { recursive: true });
    writeFileSync(path.join(root, 'model', 'model.safetensors'), 'not weights at all');
    const expected = path.join(root, 'model', 'expected', 'expected.json');
    writeFileSync(
      expected,
      JSON.stringify({ ...JSON.parse(readFileSync(expected, 'utf8')), error: 'model.corrupt' }),
    );
    cpSync(path.join(here, 'weight_formats', 'tensor_zoo.bin'), path.join(root, 'stray', 'zoo.bin'), {
      recursive: true,
    });
    writeFileSync(path.join(root, 'stray', 'bad.safetensors'), 'nothing');
    const { faults, passed, out } = await run(root);
    expect([faults, passed]).toEqual([[], 1]);
    const told = JSON.parse(readFileSync(path.join(out, 'stray', 'outputs.json'), 'utf8')) as unknown;
    expect(told).toMatchObject({
      weight_files: { 'zoo.bin': 'read', 'bad.safetensors': { kind: 'model.corrupt' } },
    });
  });

  it('may list files that must be refused, and fail where one is read', async () => {
    const root = path.join(folder, 'listed');
    const model = path.join(root, 'model');
    cpSync(path.join(here, 'weight_formats'), model, { recursive: true });
    writeFileSync(path.join(model, 'bad.safetensors'), 'nothing');
    const expected = path.join(model, 'expected', 'expected.json');
    const list = (errors: object): void => {
      const json = JSON.parse(
        readFileSync(path.join(here, 'weight_formats/expected/expected.json'), 'utf8'),
      ) as object;
      writeFileSync(expected, JSON.stringify({ ...json, errors }));
    };
    list({ 'bad.safetensors': { kind: 'model.corrupt' } });
    expect((await run(root, ['model'])).faults).toEqual([]);
    list({ 'bad.safetensors': 'model.unsafe', 'tensor_zoo.bin': 'model.corrupt' });
    expect((await run(root, ['model'])).faults).toEqual([
      expect.stringContaining('bad.safetensors refused, model.corrupt'),
      expect.stringContaining('tensor_zoo.bin was not refused'),
    ]);
  });
});

describe.skipIf(!existsSync(everything))('the whole set beside the checkout', () => {
  const cases = existsSync(everything)
    ? readdirSync(everything, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    : [];
  it.each(cases.map(({ name }) => name))('is met in %s', { timeout: 300_000 }, async (name) => {
    const { faults, passed } = await run(everything, [name]);
    expect(faults).toEqual([]);
    expect(passed).toBeGreaterThan(0);
  });
});
if (!existsSync(everything)) {
  process.stderr.write(
    `${everything} is not there: of the reference vectors only those of the checkout run.\n`,
  );
}
