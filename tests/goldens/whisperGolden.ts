import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { whisperLogMel } from '../../ml/dsp/logMel';
import {
  positionStep,
  whisperConfig,
  whisperTokens,
  type WhisperTokens,
} from '../../ml/models/whisper/config';
import { generate, lastScores } from '../../ml/models/whisper/generate';
import { Whisper, type WhisperCache } from '../../ml/models/whisper/model';
import { likeliestLanguage } from '../../ml/models/whisper/rules';
import { segmentsOf } from '../../ml/models/whisper/segments';
import { textOf, textWithTimes } from '../../ml/models/whisper/text';
import type { Tokenizer } from '../../ml/tokenizers/tokenizer';
import { isModel, type GoldenCase, type GoldenFamily } from './goldenCase';
import { goldenTokenizer, putTokenizerCases } from './tokenizerCases';

async function run(golden: GoldenCase): Promise<void> {
  const tokenizer = await goldenTokenizer(golden);
  const generation = (await golden.json('generation_config.json')) ?? {};
  const tokens = whisperTokens(golden.config, generation, (token) => tokenizer?.idOf(token));
  const model = await Whisper.load(await golden.weights(), whisperConfig(golden.config));
  try {
    const cache = await hear(golden, model);
    try {
      await teacherForced(golden, model, cache);
      await detect(golden, model, tokens, cache, tokenizer);
      await greedy(golden, model, tokens, cache, tokenizer);
      await timed(golden, model, tokens, cache, tokenizer);
    } finally {
      cache.dispose();
    }
  } finally {
    model.dispose();
  }
  if (tokenizer !== undefined) putTokenizerCases(golden, tokenizer);
}

async function hear(golden: GoldenCase, model: Whisper): Promise<WhisperCache> {
  const { samples } = await golden.audio('audio_16k.wav');
  const mel = whisperLogMel(samples, model.config.mels, model.config.sourcePositions * positionStep);
  const stored = golden.expected.files['input_features_first.npy']?.shape.at(-1) ?? mel.frames;
  const turned = new Float32Array(mel.width * stored);
  for (let t = 0; t < stored; t++) {
    for (let m = 0; m < mel.width; m++) turned[m * stored + t] = mel.data[t * mel.width + m] ?? 0;
  }
  golden.put('input_features_first.npy', turned, [1, mel.width, stored]);
  const note = golden.given('input_features_note', z.looseObject({ rest_value: z.number() }));
  if (note !== undefined) {
    const rest = mel.data.subarray(stored * mel.width);
    const worst = rest.reduce((most, value) => Math.max(most, Math.abs(value - note.rest_value)), 0);
    golden.remark(`input features after frame ${stored}: off by ${worst.toExponential(2)}`, !(worst <= 3e-5));
  }
  const first = golden.expected.files['encoder_conv_out.npy']?.shape.at(-1) ?? 64;
  let convolved: tf.Tensor | undefined;
  const encoded = model.encode(mel, (x) => {
    convolved = tf.keep(tf.expandDims(tf.transpose(tf.slice(x, [0, 0], [first, -1])), 0));
  });
  if (convolved !== undefined) {
    await golden.putTensor('encoder_conv_out.npy', convolved);
    convolved.dispose();
  }
  golden.put('encoder_output.npy', await encoded.data<'float32'>(), [1, ...encoded.shape]);
  const cache = model.listen(encoded);
  encoded.dispose();
  return cache;
}

async function teacherForced(golden: GoldenCase, model: Whisper, cache: WhisperCache): Promise<void> {
  const ids = await golden.inputIds('decoder_input_ids.npy');
  cache.restart();
  const { hidden, logits } = model.forward(ids, cache);
  golden.put('decoder_last_hidden.npy', await hidden.data<'float32'>(), [1, ...hidden.shape]);
  golden.put('logits.npy', await logits.data<'float32'>(), [1, ...logits.shape]);
  tf.dispose([hidden, logits]);
}

async function detect(
  golden: GoldenCase,
  model: Whisper,
  tokens: WhisperTokens,
  cache: WhisperCache,
  tokenizer: Tokenizer | undefined,
): Promise<void> {
  cache.restart();
  const scores = await lastScores(model, cache, [tokens.start]);
  golden.put('language_logits.npy', scores);
  const best = likeliestLanguage(scores, tokens);
  if (best === undefined) return;
  golden.putText('detected_language', {
    id: best.id,
    token: tokenizer?.tokenOf(best.id) ?? `<|${best.language}|>`,
  });
}

async function greedy(
  golden: GoldenCase,
  model: Whisper,
  tokens: WhisperTokens,
  cache: WhisperCache,
  tokenizer: Tokenizer | undefined,
): Promise<void> {
  const prompt = golden.given('prompt_ids', z.array(z.number())) ?? [];
  const steps = golden.expected.files['first_steps_logits.npy']?.shape[0] ?? 0;
  const raw: number[] = [];
  const { ids } = await generate(model, tokens, cache, {
    prompt,
    mostNewTokens: golden.given('max_new_tokens', z.number()) ?? 24,
    timestamps: false,
    tap: (step, scores) => {
      if (step < steps) for (const score of scores) raw.push(score);
    },
  });
  const { vocabulary } = model.config;
  golden.put('first_steps_logits.npy', Float32Array.from(raw), [raw.length / vocabulary, vocabulary]);
  const all = [...prompt, ...ids];
  golden.putIds('generated_ids.npy', all);
  golden.putText('generated_ids', all);
  golden.putText('generated_new', ids);
  if (tokenizer === undefined) return;
  golden.putText('text', textOf(all, tokens, tokenizer));
  golden.putText('text_with_special', tokenizer.decode(all));
}

/** The reference puts its answer together from segments: an end token, and what a window cuts off, are not in it. */
async function timed(
  golden: GoldenCase,
  model: Whisper,
  tokens: WhisperTokens,
  cache: WhisperCache,
  tokenizer: Tokenizer | undefined,
): Promise<void> {
  const given = golden.given('with_timestamps', z.looseObject({ note: z.string().optional() }));
  const whole = golden.given('prompt_ids', z.array(z.number()));
  if (given === undefined || whole === undefined || tokenizer === undefined) return;
  const prompt = whole.filter((id) => id !== tokens.noTimestamps);
  const { ids } = await generate(model, tokens, cache, {
    prompt,
    mostNewTokens: golden.given('max_new_tokens', z.number()) ?? 24,
    timestamps: true,
  });
  golden.putText('with_timestamps_plain_loop', [...prompt, ...ids]);
  const spoken = segmentsOf(ids, tokens, model.config.sourcePositions * positionStep).segments.flatMap(
    (segment) => segment.ids,
  );
  const all = [...prompt, ...spoken];
  golden.putText('with_timestamps', {
    hf_generate_returned: all,
    text: textOf(all, tokens, tokenizer),
    text_with_timestamps: textWithTimes(all, tokens, tokenizer),
    ...(given.note === undefined ? {} : { note: given.note }),
  });
}

export const whisperGolden: GoldenFamily = {
  name: 'whisper',
  matches: (golden) => isModel(golden, 'whisper', /^Whisper/),
  run,
};
