import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { folderOf } from '../../../tests/fixtures/weightFiles';
import { openWeights } from '../../weights/open';
import { withoutPrefix, withAliases } from '../../weights/views';
import { gpt2Config } from './config';
import { generate, type GenerateOptions } from './generate';
import { Gpt2, Gpt2Cache } from './model';

const folder = path.resolve(import.meta.dirname, '../../../tests/goldens/data/gpt2');
const json: unknown = JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8'));
const config = gpt2Config(json);
const weights = () =>
  openWeights(folderOf({ 'model.safetensors': readFileSync(path.join(folder, 'model.safetensors')) }));
const prompt = [427, 375, 373, 287, 295];

beforeAll(async () => {
  await tf.setBackend('cpu');
});

async function taken(model: Gpt2, options: GenerateOptions): Promise<number[]> {
  const ids: number[] = [];
  for await (const { id } of generate(model, prompt, options)) ids.push(id);
  return ids;
}

describe('GPT-2', () => {
  it('gives the same scores token by token as at once', async () => {
    const model = await Gpt2.load(await weights(), config);
    const whole = model.forward(prompt);
    const cache = new Gpt2Cache();
    for (const step of [prompt.slice(0, 2), prompt.slice(2, 3), prompt.slice(3)]) {
      const { hidden, logits } = model.forward(step, { cache, lastOnly: true });
      const at = cache.tokens - 1;
      const wanted = await tf.slice(whole.logits, [at, 0], [1, -1]).data();
      (await logits.data()).forEach((score, i) => expect(score).toBeCloseTo(wanted[i] ?? NaN, 4));
      tf.dispose([hidden, logits]);
    }
    expect(cache.tokens).toBe(5);
    cache.dispose();
    model.dispose();
  });

  it('frees every tensor: after a text, after one that is broken off, and at the end', async () => {
    const before = tf.memory().numTensors;
    const model = await Gpt2.load(await weights(), config);
    const loaded = tf.memory().numTensors;
    expect(await taken(model, { mostNewTokens: 4 })).toHaveLength(4);
    expect(tf.memory().numTensors).toBe(loaded);
    for await (const { id } of generate(model, prompt, { mostNewTokens: 100 })) if (id >= 0) break;
    expect(tf.memory().numTensors).toBe(loaded);
    expect(() => model.forward([config.vocabulary])).toThrow(/Token 520/);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('stops at an end token, at its length, and when it is told to', async () => {
    const model = await Gpt2.load(await weights(), config);
    const [first = 0, second = 0] = await taken(model, { mostNewTokens: 2 });
    expect(await taken(model, { mostNewTokens: 9, ends: [second] })).toEqual([first, second]);
    const all = await taken(model, { mostNewTokens: 1000, ends: [] });
    expect(all).toHaveLength(config.positions - prompt.length + 1);
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    await expect(taken(model, { mostNewTokens: 9, signal: controller.signal })).rejects.toThrow('enough');
    model.dispose();
  });

  it('draws by the numbers it is given', async () => {
    const model = await Gpt2.load(await weights(), config);
    const drawn = (numbers: number) =>
      taken(model, { mostNewTokens: 5, ends: [], temperature: 1.5, random: () => numbers });
    expect(await drawn(0.3)).toEqual(await drawn(0.3));
    expect(await drawn(0.3)).not.toEqual(await drawn(0.9));
    model.dispose();
  });

  it('takes names without a prefix and an output layer of its own', async () => {
    const bare = withoutPrefix(await weights(), 'transformer.');
    const own = withAliases(bare, (name) => (name === 'lm_head.weight' ? ['wte.weight'] : []));
    const model = await Gpt2.load(own, { ...config, tied: false });
    expect(await taken(model, { mostNewTokens: 1 })).toEqual([404]);
    model.dispose();
  });

  it.each([
    [{ n_layer: 3 }, /lack the tensor "transformer\.h\.2/],
    [{ vocab_size: 521 }, /"wte.weight" is \[520, 32\]/],
    [{ n_inner: 64 }, /c_fc/],
    [{ activation_function: 'snake' }, /"snake"/],
  ])('refuses weights that %j does not describe, and keeps nothing', async (changes, message) => {
    const before = tf.memory().numTensors;
    const changed = gpt2Config({ ...(json as object), ...changes });
    await expect(Gpt2.load(await weights(), changed)).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [{ n_head: 5 }, /among 5 heads/],
    [{ n_layer: -1 }, /n_layer/],
    [{ vocab_size: '520' }, /vocab_size/],
  ])('refuses a config of %j', (changes, message) => {
    expect(() => gpt2Config({ ...(json as object), ...changes })).toThrow(message);
  });
});
