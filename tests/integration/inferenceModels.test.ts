/** Downloaded models over `inference/run`, through the built backend, held against what their reference answered. */
import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ModelRunner } from '../../backend/inference/runner';
import { loadEngine } from '../../backend/training/engines/load';
import { readWav } from '../../ml/audio/wav';
import { inferenceRun } from '../../protocol/api/inference';
import { writtenProgress, type InferenceParams, type InferenceResult } from '../../protocol/model/inference';
import { eventually } from '../fixtures/eventually';
import { safetensors } from '../fixtures/weightFiles';
import { readNpy } from '../goldens/npy';
import { startBackend, type Backend } from './backend';

const data = path.resolve(import.meta.dirname, '../goldens/data');
const more = path.resolve(import.meta.dirname, '../../../shared/goldens/public');
const gpt2 = path.join(data, 'gpt2');
const text = 'من هر روز به';

let folder: string;
let backend: Backend;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-models-'));
  backend = await startBackend();
});
afterAll(async () => {
  await backend.dispose();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const run = (
  params: Omit<InferenceParams, 'engine'> & { token?: string },
  signal?: AbortSignal,
): Promise<InferenceResult> => backend.call(inferenceRun, { engine: 'wasm', ...params }, signal);

async function expectedOf<T>(model: string, schema: z.ZodType<T>): Promise<T> {
  return schema.parse(JSON.parse(await readFile(path.join(model, 'expected', 'expected.json'), 'utf8')));
}
const written = z.object({ tokens: z.array(z.number()), finished: z.string() });
const write = async (parameters: object, given = text): Promise<z.infer<typeof written>> =>
  written.parse(
    (await run({ modelPath: gpt2, input: { text: given }, parameters: { ...parameters } })).output.values,
  );
const greedy = z.looseObject({ greedy_new: z.array(z.number()) });

describe('GPT-2', { timeout: 120_000 }, () => {
  it('goes on with the very tokens of the reference, in pieces that make the text', async () => {
    const { greedy_new: wanted } = await expectedOf(gpt2, greedy);
    const values = backend.watch('writes');
    const parameters = { maxTokens: wanted.length };
    const { task, engine, output } = await run({
      modelPath: gpt2,
      input: { text },
      parameters,
      token: 'writes',
    });
    expect([task, engine]).toEqual(['text-generation', 'wasm']);
    expect(written.parse(output.values)).toEqual({ tokens: wanted, finished: 'length' });
    const pieces = values.map((value) => writtenProgress.parse(value));
    expect(pieces.map(({ piece }) => piece).join('')).toBe(output.text);
    expect(pieces.at(-1)?.tokens).toBe(wanted.length);
    expect(output.text).not.toContain(text);
    expect(output.text).toContain('آ');
  });

  it('draws alike for the same seed, and ends before a stop', async () => {
    const parameters = { maxTokens: 12, temperature: 1.5, topK: 50, topP: 0.95, repetitionPenalty: 1.2 };
    const first = await write({ ...parameters, seed: 1 });
    expect(await write({ ...parameters, seed: 1 })).toEqual(first);
    expect(await write({ ...parameters, seed: 2 })).not.toEqual(first);
    const { tokens } = await write({ maxTokens: 12, temperature: 0, seed: 1 });
    expect(tokens).toEqual((await write({ maxTokens: 12 })).tokens);
    const stopped = { maxTokens: 20, stop: ['Q', 'zz'] };
    const { output } = await run({ modelPath: gpt2, input: { text }, parameters: stopped });
    expect(written.parse(output.values).finished).toBe('stop');
    expect(output.text).toMatch(/^[^Q]+$/);
  });

  it.each([
    [{ maxTokens: 0 }, 'maxTokens'],
    [{ temperature: -1 }, 'temperature'],
    [{ topP: 0 }, 'topP'],
    [{ topK: 1.5 }, 'topK'],
    [{ repetitionPenalty: 0 }, 'repetitionPenalty'],
    [{ stop: [''] }, 'stop'],
    [{ seed: 'x' }, 'seed'],
    [{ maxtokens: 5 }, 'maxtokens'],
  ])('refuses the parameters %j', async (parameters, named) => {
    await expect(run({ modelPath: gpt2, input: { text }, parameters })).rejects.toMatchObject({
      kind: 'inference.invalidInput',
      message: expect.stringContaining(named) as string,
    });
  });

  it('refuses no text, and one that does not fit', async () => {
    const refusal = { kind: 'inference.invalidInput' };
    await expect(run({ modelPath: gpt2, input: {} })).rejects.toMatchObject(refusal);
    await expect(write({}, '')).rejects.toMatchObject(refusal);
    await expect(write({}, 'x'.repeat(5000))).rejects.toMatchObject(refusal);
  });

  it('stops when it is told to, and answers the next', async () => {
    const modelPath = path.join(folder, 'endless');
    await endless(modelPath);
    const values = backend.watch('stopped');
    const abort = new AbortController();
    const parameters = { maxTokens: 100_000 };
    const answer = run({ modelPath, input: { text }, parameters, token: 'stopped' }, abort.signal);
    const refused = expect(answer).rejects.toMatchObject({ kind: 'cancelled' });
    await eventually(() => values.length > 1, { timeoutMs: 60_000 });
    abort.abort();
    await refused;
    const { output } = await run({ modelPath, input: { text }, parameters: { maxTokens: 1 } });
    expect(written.parse(output.values).tokens).toHaveLength(1);
    const told = values.length;
    await write({ maxTokens: 20 });
    expect(values).toHaveLength(told);
  });
});

/** The same model with room for a text that would take hours, and no token that ends it. */
async function endless(modelPath: string): Promise<void> {
  await cp(gpt2, modelPath, { recursive: true });
  const file = path.join(modelPath, 'config.json');
  const config = z.looseObject({ n_embd: z.number() }).parse(JSON.parse(await readFile(file, 'utf8')));
  const positions = 30_000;
  await writeFile(file, JSON.stringify({ ...config, n_positions: positions, eos_token_id: null }));
  const weights = path.join(modelPath, 'model.safetensors');
  const bytes = await readFile(weights);
  const length = Number(bytes.readBigUInt64LE());
  const name = 'transformer.wpe.weight';
  const entry = z.looseObject({ data_offsets: z.tuple([z.number(), z.number()]) });
  const header = z
    .record(z.string(), z.unknown())
    .parse(JSON.parse(bytes.subarray(8, 8 + length).toString('utf8')));
  const parts: Buffer[] = [];
  let offset = 0;
  for (const [key, value] of Object.entries(header)) {
    if (key === '__metadata__') continue;
    const [from, to] = entry.parse(value).data_offsets;
    const part =
      key === name
        ? Buffer.alloc(positions * config.n_embd * 4)
        : bytes.subarray(8 + length + from, 8 + length + to);
    const shape = key === name ? { shape: [positions, config.n_embd] } : {};
    header[key] = { ...(value as object), ...shape, data_offsets: [offset, offset + part.length] };
    offset += part.length;
    parts.push(part);
  }
  await writeFile(weights, safetensors(header, Buffer.concat(parts)));
}

describe('other downloaded models', { timeout: 120_000 }, () => {
  it('label words as the reference does', async () => {
    const modelPath = path.join(data, 'bert_tokcls');
    const words = z.array(z.looseObject({ word: z.string(), label: z.string() }));
    const schema = z.looseObject({
      cases: z.looseObject({ single: z.looseObject({ text: z.string(), words }) }),
    });
    const { single } = (await expectedOf(modelPath, schema)).cases;
    const { task, output } = await run({ modelPath, input: { text: single.text } });
    expect(task).toBe('token-classification');
    const got = words.parse(output.values).map(({ word, label }) => ({ word, label }));
    expect(got).toEqual(single.words.map(({ word, label }) => ({ word, label })));
  });

  it('write down the letters that the reference hears', async () => {
    const modelPath = path.join(data, 'wav2vec2_base');
    const audioPath = path.join(modelPath, 'expected', 'audio_16k.wav');
    const { decoded_skip_special: wanted } = await expectedOf(
      modelPath,
      z.looseObject({ decoded_skip_special: z.string() }),
    );
    const { output, timings } = await run({ modelPath, input: { audioPath } });
    expect(output.text).toBe(wanted);
    expect(timings.audioSeconds).toBeCloseTo(36937 / 16000);
  });

  it('are refused where their weights are damaged or would run foreign code', async () => {
    const damaged = path.join(folder, 'damaged');
    await cp(gpt2, damaged, { recursive: true });
    await truncate(path.join(damaged, 'model.safetensors'), 5000);
    await expect(run({ modelPath: damaged, input: { text } })).rejects.toMatchObject({
      kind: 'model.corrupt',
    });
    const hostile = path.join(folder, 'hostile');
    await cp(gpt2, hostile, { recursive: true });
    await rm(path.join(hostile, 'model.safetensors'));
    const mark = path.join(folder, 'was-here');
    // What pickle.dumps makes of an object whose __reduce__ is (os.system, (…,)).
    const command = `touch ${mark}`;
    const pickle = `\x80\x02cposix\nsystem\nX${String.fromCharCode(command.length, 0, 0, 0)}${command}\x85R.`;
    await writeFile(path.join(hostile, 'pytorch_model.bin'), Buffer.from(pickle, 'latin1'));
    await expect(run({ modelPath: hostile, input: { text } })).rejects.toMatchObject({
      kind: 'model.unsafe',
    });
    expect(existsSync(mark)).toBe(false);
    await expect(write({ maxTokens: 1 })).resolves.toMatchObject({ finished: 'length' });
  });

  it('are freed when another is asked', async () => {
    const { name, version, reason, build } = await loadEngine('wasm', { storagePath: undefined });
    const before = memory().numTensors;
    const runner = new ModelRunner({ name, version, reason, build });
    const asked = async (model: string): Promise<number> => {
      await runner.run({ modelPath: path.join(data, model), input: { text } });
      return memory().numTensors;
    };
    const [writer, reader] = [await asked('gpt2'), await asked('bert_tokcls')];
    expect(Math.min(writer, reader)).toBeGreaterThan(before);
    expect([await asked('gpt2'), await asked('bert_tokcls'), await asked('bert_tokcls')]).toEqual([
      writer,
      reader,
      reader,
    ]);
    runner.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

describe.skipIf(!existsSync(more))('downloaded models beside the checkout', { timeout: 120_000 }, () => {
  it('write down a sound with its times as Whisper does', async () => {
    const modelPath = path.join(more, 'whisper');
    const audioPath = path.join(modelPath, 'expected', 'audio_16k.wav');
    const { output, task } = await run({ modelPath, input: { audioPath }, parameters: { language: 'fa' } });
    expect(task).toBe('automatic-speech-recognition');
    expect(output.text).toBe('n اه');
    expect(output.values).toEqual([
      { start: 0.86, end: expect.closeTo(53_203 / 16_000) as number, text: 'n' },
      { start: expect.closeTo(53_203 / 16_000) as number, end: expect.any(Number) as number, text: 'اه' },
    ]);
  });

  it('speak the very samples of a voice', async () => {
    const modelPath = path.join(more, 'vits_det');
    const outputPath = path.join(folder, 'said.wav');
    const parameters = { noiseScale: 0, noiseScaleDuration: 0 };
    await run({ modelPath, input: { text: 'سلام دنیا خوبی' }, parameters, outputPath });
    const said = readWav(await readFile(outputPath));
    const file = path.join(modelPath, 'expected', 'zero_noise', 'waveform.npy');
    const wanted = readNpy(await readFile(file), file);
    const samples = said.channels[0] ?? new Float32Array(0);
    expect([said.sampleRate, samples.length]).toEqual([16_000, wanted.data.length]);
    let most = 0;
    samples.forEach((sample, i) => {
      most = Math.max(most, Math.abs(sample - (wanted.data[i] ?? NaN)));
    });
    // Samples of 16 bits.
    expect(most).toBeLessThan(2 / 32_768);
  });
});
if (!existsSync(more)) {
  process.stderr.write(
    `${more} is not there: Whisper and VITS are held to their reference elsewhere only.\n`,
  );
}
