/** ONNX voices and recognisers through the built backend, held to what onnxruntime answers in Python (fixtures/sherpa). */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mixdown } from '../../ml/audio/audioData';
import { readWav } from '../../ml/audio/wav';
import { enginesList } from '../../protocol/api/engines';
import { inferenceRun } from '../../protocol/api/inference';
import { modelsImport } from '../../protocol/api/models';
import { healthCheck } from '../../protocol/api/session';
import type { InferenceParams, InferenceResult } from '../../protocol/model/inference';
import { publishedTaskOf } from '../../protocol/model/published';
import { message, number, pair, text as textField } from '../fixtures/onnx';
import { startBackend, type Backend } from './backend';

const fixtures = path.resolve(import.meta.dirname, '../fixtures/sherpa');
const at = (...parts: string[]): string => path.join(fixtures, ...parts);
const still = { noiseScale: 0, noiseScaleDuration: 0 };

interface Expected {
  readonly text: string;
  readonly piper: readonly number[];
  readonly piperSlow: readonly number[];
  readonly piperSecond: readonly number[];
  readonly matcha: readonly number[];
  readonly nemo: readonly (readonly [string, number])[];
  readonly zipformer: readonly (readonly [string, number])[];
}

let backend: Backend;
let folder: string;
let expected: Expected;
let installed: boolean;
const skipText = 'the ONNX engine is not installed: node scripts/ensure.mjs onnx';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-onnx-'));
  expected = JSON.parse(await readFile(at('expected.json'), 'utf8')) as Expected;
  backend = await startBackend();
  const { engines } = await backend.call(enginesList, {});
  installed = engines.some(({ name, available }) => name === 'onnx' && available);
});
afterAll(async () => {
  await backend.dispose();
  await rm(folder, { recursive: true, force: true });
});

const speak = (modelPath: string, parameters: object = {}, text = expected.text): Promise<InferenceResult> =>
  backend.call(inferenceRun, { modelPath, input: { text }, parameters: { ...still, ...parameters } });
const hear = (modelPath: string): Promise<InferenceResult> =>
  backend.call(inferenceRun, { modelPath, input: { audioPath: at('sound.wav') } });

async function samplesOf({ output }: InferenceResult): Promise<Float32Array> {
  return mixdown(readWav(await readFile(output.audioPath ?? '')));
}

/** Largest difference; the file has 16 bits and clips. */
function furthest(samples: Float32Array, wanted: readonly number[]): number {
  expect(samples.length).toBe(wanted.length);
  const clipped = wanted.map((one) => Math.max(-1, Math.min(1, one)));
  return Math.max(...clipped.map((one, i) => Math.abs(one - (samples[i] ?? NaN))));
}
const step = 2 / 32_768;

describe('a Piper voice', () => {
  it('says what onnxruntime computes of its phonemes', async (context) => {
    context.skip(!installed, skipText);
    const outputPath = path.join(folder, 'گفتار', 'سلام.wav');
    const result = await backend.call(inferenceRun, {
      ...{ modelPath: at('piper'), input: { text: expected.text }, parameters: still, outputPath },
    });
    expect(result).toMatchObject({
      task: 'text-to-speech',
      engine: 'sherpa-onnx',
      output: { audioPath: outputPath, samplingRate: 22050 },
    });
    expect(result.timings.audioSeconds).toBeCloseTo(expected.piper.length / 22050, 6);
    expect(furthest(await samplesOf(result), expected.piper)).toBeLessThan(step);
  });

  it('says in words what is written in figures, unless it is told not to', async (context) => {
    context.skip(!installed, skipText);
    const asIs = { ...still, verbalize: false };
    const words = await samplesOf(await speak(at('piper'), asIs, 'بیست درصد'));
    expect(await samplesOf(await speak(at('piper'), still, '۲۰٪'))).toEqual(words);
    expect(await samplesOf(await speak(at('piper'), asIs, '۲۰٪'))).not.toEqual(words);
  });

  it('takes speed, speaker and its own file as the path, and loads once for them', async (context) => {
    context.skip(!installed, skipText);
    const slow = await speak(at('piper'), { speakingRate: 0.5 });
    expect(furthest(await samplesOf(slow), expected.piperSlow)).toBeLessThan(step);
    const file = at('piper-speakers', 'fa_IR-pair-medium.onnx');
    const second = await speak(file, { speaker: 1 });
    expect(furthest(await samplesOf(second), expected.piperSecond)).toBeLessThan(step);
    const named = await speak(file, { speaker: 's1' });
    expect(furthest(await samplesOf(named), expected.piperSecond)).toBeLessThan(step);
    expect(named.timings.loadMs).toBeLessThan(second.timings.loadMs);
    const noisy = await samplesOf(await speak(file, { speaker: 1, noiseScale: 1 }));
    expect(furthest(noisy, expected.piperSecond)).toBeGreaterThan(0.01);
  });

  it('sends its sentences as they are spoken; together they are the whole', async (context) => {
    context.skip(!installed, skipText);
    const told = backend.watch('speech');
    const input = { text: `${expected.text} ${expected.text}\n!` };
    const parameters = still;
    const whole = await backend.call(inferenceRun, {
      modelPath: at('piper'),
      input,
      parameters,
      token: 'speech',
    });
    const pieces = told.flatMap((value) => (value as { pieces: { path: string }[] }).pieces);
    expect(pieces).toHaveLength(2);
    const read = await Promise.all(pieces.map(async (one) => mixdown(readWav(await readFile(one.path)))));
    expect(read.flatMap((one) => [...one])).toEqual([...(await samplesOf(whole))]);
  });

  it.for<[string, Partial<InferenceParams>, string, RegExp]>([
    ['nothing to say', { input: { text: ' … !' } }, 'inference.invalidInput', /nothing that this voice/],
    ['no text', { input: {} }, 'inference.invalidInput', /needs input\.text/],
    ['a third speaker', { parameters: { speaker: 2 } }, 'inference.invalidInput', /2 speakers.*s0, s1/],
    ['a speed of 0', { parameters: { speakingRate: 0 } }, 'inference.invalidInput', /speakingRate/],
    ['another voice', { parameters: { voice: 'amir' } }, 'inference.invalidInput', /fa_IR-pair-medium\.onnx/],
    ['another task', { task: 'text-generation' }, 'model.unsupported', /text-to-speech/],
    ['another engine', { engine: 'wasm' }, 'engine.unavailable', /sherpa-onnx, not on wasm/],
  ])('refuses %s', async ([, more, kind, says], context) => {
    context.skip(!installed, skipText);
    const params = { modelPath: at('piper-speakers'), input: { text: expected.text }, ...more };
    await expect(backend.call(inferenceRun, params)).rejects.toMatchObject({
      kind,
      message: expect.stringMatching(says) as string,
    });
  });

  it('is in the library as what it is', async () => {
    const model = await backend.call(modelsImport, { path: at('piper') });
    expect(model).toMatchObject({ type: 'tts', architecture: 'Piper VITS', format: 'onnx' });
    expect(model.metadata).toMatchObject({
      task: 'text-to-speech',
      runsHere: { verdict: 'yes', engine: 'sherpa-onnx' },
    });
    expect(publishedTaskOf(model)).toBe('text-to-speech');
  });
});

describe('a Matcha voice', () => {
  it('speaks through its vocoder, as computed in Python', async (context) => {
    context.skip(!installed, skipText);
    const result = await speak(at('matcha'));
    expect(result.output.samplingRate).toBe(22050);
    expect(furthest(await samplesOf(result), expected.matcha)).toBeLessThan(2 * step);
  });

  it('without a vocoder says which one it needs', async () => {
    const copy = path.join(folder, 'silent');
    await cp(at('matcha'), copy, { recursive: true });
    await rm(path.join(copy, 'vocos-22khz-univ.onnx'));
    await expect(speak(copy)).rejects.toMatchObject({
      kind: 'model.unsupported',
      message: expect.stringContaining('vocos-22khz-univ.onnx') as string,
    });
  });
});

type Word = { readonly text: string; readonly start: number; readonly end: number };

/** Tokens joined to words, each with the time of its first. */
function wordsOf(tokens: Expected['nemo']): (readonly [string, number])[] {
  const words: [string, number][] = [];
  for (const [token, time] of tokens) {
    const last = words.at(-1);
    if (last === undefined || token.startsWith('▁')) words.push([token.replace('▁', ''), time]);
    else last[0] += token;
  }
  return words;
}

describe('a recogniser', () => {
  it.for([['nemo-ctc', 'nemo'] as const, ['zipformer', 'zipformer'] as const])(
    'in the layout of %s hears what is decoded in Python, with its times',
    async ([name, key], context) => {
      context.skip(!installed, skipText);
      const result = await hear(at(name));
      expect(result).toMatchObject({ task: 'automatic-speech-recognition', engine: 'sherpa-onnx' });
      expect(result.timings.audioSeconds).toBeCloseTo(1.2, 3);
      const words = result.output.values as Word[];
      const wanted = wordsOf(expected[key]);
      expect(words.map(({ text }) => text)).toEqual(wanted.map(([word]) => word));
      expect(result.output.text).toBe(wanted.map(([word]) => word).join(' '));
      words.forEach(({ start, end }, i) => {
        expect(start).toBeCloseTo(wanted[i]?.[1] ?? NaN, 2);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(1.2);
      });
    },
  );

  it('that hears sounds as they come gives words in the order of their times', async (context) => {
    context.skip(!installed, skipText);
    const { output } = await hear(at('nemo-streaming-ctc'));
    const words = output.values as Word[];
    expect(words.length).toBeGreaterThan(1);
    expect(words.map(({ start }) => start)).toEqual(words.map(({ start }) => start).sort((a, b) => a - b));
    // The last frame is near the end: its times are those of eight frames of features, not of four.
    expect(words.at(-1)?.start).toBeGreaterThan(0.7);
  });
});

describe('a hostile or damaged folder', () => {
  const weight = (...more: Buffer[]): Buffer =>
    message(7, message(5, number(2, 1), textField(8, 'w'), ...more), textField(2, 'g'));
  const copyOf = async (name: string, change: (copy: string) => Promise<unknown>): Promise<string> => {
    const copy = await mkdtemp(path.join(folder, 'hostile-'));
    await cp(at(name), copy, { recursive: true });
    await change(copy);
    return copy;
  };
  const piper = 'fa_IR-tiny-medium.onnx';
  const rewritten = (file: string, change: (bytes: Buffer) => Buffer | string) => async (copy: string) => {
    const name = path.join(copy, file);
    await writeFile(name, change(await readFile(name)));
  };
  const swapped = (from: string, to: string) => (bytes: Buffer) =>
    Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1');
  const cases: [string, string, (copy: string) => Promise<unknown>, string, RegExp][] = [
    [
      'cut short',
      'piper',
      rewritten(piper, (b) => b.subarray(0, b.length - 40)),
      'model.corrupt',
      /cut short/,
    ],
    ['a page', 'piper', rewritten(piper, () => '<html>not found</html>'), 'model.corrupt', /no ONNX file/],
    ['empty', 'piper', rewritten(piper, () => ''), 'model.corrupt', /no ONNX file/],
    [
      'with a json that is none',
      'piper',
      rewritten(`${piper}.json`, () => '{'),
      'model.unsupported',
      /description/,
    ],
    [
      'of phonemes that are not known',
      'piper',
      rewritten(`${piper}.json`, swapped('"phoneme_type": "espeak"', '"phoneme_type": "pinyin"')),
      'model.unsupported',
      /pinyin/,
    ],
    [
      'with weights in a file outside',
      'piper',
      rewritten(piper, () =>
        Buffer.concat([number(1, 8), weight(pair(13, 'location', '../../../etc/passwd'), number(14, 1))]),
      ),
      'model.unsafe',
      /outside of its folder/,
    ],
    [
      'with weights in a file that is not there',
      'piper',
      rewritten(piper, () =>
        Buffer.concat([number(1, 8), weight(pair(13, 'location', 'far.data'), number(14, 1))]),
      ),
      'model.corrupt',
      /far\.data, which is not there/,
    ],
    [
      'with a weight of astronomic size',
      'piper',
      rewritten(piper, () =>
        Buffer.concat([
          number(1, 8),
          weight(number(1, 2 ** 40), number(1, 2 ** 40), message(9, Buffer.alloc(8))),
        ]),
      ),
      'model.corrupt',
      /larger than any memory/,
    ],
    [
      'with a weight that has other bytes than it says',
      'piper',
      rewritten(piper, () =>
        Buffer.concat([number(1, 8), weight(number(1, 9), message(9, Buffer.alloc(8)))]),
      ),
      'model.corrupt',
      /36 bytes has 8/,
    ],
    [
      'without tokens',
      'nemo-ctc',
      (copy) => rm(path.join(copy, 'tokens.txt')),
      'model.unsupported',
      /tokens\.txt/,
    ],
    ['with odd tokens', 'nemo-ctc', rewritten('tokens.txt', () => 'a b c\n'), 'model.corrupt', /line 1/],
    ['with no blank', 'nemo-ctc', rewritten('tokens.txt', () => 'a 0\n'), 'model.corrupt', /no blank/],
    [
      'without its decoder',
      'zipformer',
      (copy) => rm(path.join(copy, 'decoder-epoch-30-avg-4.onnx')),
      'model.unsupported',
      /decoder/,
    ],
    [
      'without its metadata',
      'zipformer',
      rewritten('decoder-epoch-30-avg-4.onnx', swapped('context_size', 'kontext_size')),
      'model.unsupported',
      /context_size/,
    ],
    // The engine ends the inference process at these: that is told, and the backend lives on.
    [
      'of an operator that nobody has',
      'piper',
      rewritten(piper, swapped('Gather', 'Gathex')),
      'model.corrupt',
      /sherpa-onnx could not open it/,
    ],
    [
      'whose features are made in a way that is not known',
      'nemo-ctc',
      rewritten('model.onnx', swapped('per_feature', 'per_nothing')),
      'model.unsupported',
      /ended while it ran the model.*per_nothing/,
    ],
  ];
  it.for(cases)('%s (%s) is refused with its reason', async ([, fixture, change, kind, says], context) => {
    context.skip(!installed, skipText);
    const copy = await copyOf(fixture, change);
    const asked = fixture === 'piper' ? speak(copy) : hear(copy);
    await expect(asked).rejects.toMatchObject({ kind, message: expect.stringMatching(says) as string });
  });

  it('leaves the backend as it was', async (context) => {
    context.skip(!installed, skipText);
    expect(furthest(await samplesOf(await speak(at('piper'))), expected.piper)).toBeLessThan(step);
    const { checks } = await backend.call(healthCheck, {});
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).not.toContain('database');
  });
});

describe('without the engine', () => {
  it('says how to get it', async () => {
    const empty = path.join(folder, 'nothing');
    await mkdir(empty);
    const bare = await startBackend({
      env: {
        GOYA_ENGINES_PATH: '',
        GOYA_CACHE: empty,
        XDG_CACHE_HOME: empty,
        LOCALAPPDATA: empty,
        HOME: empty,
      },
    });
    try {
      const asked = bare.call(inferenceRun, { modelPath: at('piper'), input: { text: 'سلام' } });
      await expect(asked).rejects.toMatchObject({
        kind: 'engine.unavailable',
        message: expect.stringContaining('Goya: Install ONNX Engine') as string,
      });
    } finally {
      await bare.dispose();
    }
  });
});
