import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomWeights } from '../../../tests/fixtures/randomWeights';
import { whisperShapes } from '../../../tests/fixtures/whisperShapes';
import { logProbability } from '../../generation/sampling';
import { beamSearch } from './beams';
import { whisperConfig, whisperTokens } from './config';
import { generate, lastScores } from './generate';
import { Whisper } from './model';

const json = {
  vocab_size: 6,
  d_model: 8,
  encoder_layers: 1,
  encoder_attention_heads: 2,
  encoder_ffn_dim: 8,
  decoder_layers: 1,
  decoder_attention_heads: 2,
  decoder_ffn_dim: 8,
  num_mel_bins: 3,
  max_source_positions: 4,
  max_target_positions: 8,
  decoder_start_token_id: 5,
  eos_token_id: 4,
};

beforeAll(() => tf.setBackend('cpu'));

describe('beamSearch', () => {
  it('finds the likeliest transcript of all where it follows enough, and with one beam what is best at each step', async () => {
    const config = whisperConfig(json);
    const before = tf.memory().numTensors;
    const model = await Whisper.load(randomWeights(whisperShapes(config), 0.9), config);
    const encoded = model.encode({
      frames: 8,
      width: 3,
      data: Float32Array.from({ length: 24 }, (_, i) => Math.sin(i)),
    });
    const cache = model.listen(encoded);
    // No end: all transcripts have the same length, and their probabilities are compared as they are.
    const tokens = { ...whisperTokens(json), end: -1 };
    const options = { prompt: [5], mostNewTokens: 3, timestamps: false };
    const best = { ids: [-1], sum: -Infinity };
    for (let i = 0; i < 216; i++) {
      const ids = [Math.floor(i / 36), Math.floor(i / 6) % 6, i % 6];
      let sum = 0;
      cache.restart();
      for (const [place, id] of ids.entries()) {
        sum += logProbability(await lastScores(model, cache, [place === 0 ? 5 : (ids[place - 1] ?? 0)]), id);
      }
      if (sum > best.sum) Object.assign(best, { ids, sum });
    }
    const wide = await beamSearch(model, tokens, cache, { ...options, beams: 36 });
    expect(wide.ids).toEqual(best.ids);
    expect(wide.meanLogProbability).toBeCloseTo(best.sum / 3, 4);
    const narrow = await beamSearch(model, tokens, cache, { ...options, beams: 1 });
    expect(narrow.ids).toEqual((await generate(model, tokens, cache, options)).ids);
    tf.dispose(encoded);
    cache.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
