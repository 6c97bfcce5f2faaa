import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { logSoftmax } from '../../ml/ctc/ctcLoss';
import { processScores } from '../../ml/generation/sampling';
import { gpt2Config } from '../../ml/models/gpt2/config';
import { generate } from '../../ml/models/gpt2/generate';
import { Gpt2 } from '../../ml/models/gpt2/model';
import { isModel, type GoldenCase, type GoldenFamily } from './goldenCase';
import { goldenTokenizer, putTokenizerCases } from './tokenizerCases';

const samplingCase = z.looseObject({
  file: z.string(),
  temperature: z.number().optional(),
  top_k: z.number().optional(),
  top_p: z.number().optional(),
  repetition_penalty: z.number().optional(),
  no_repeat_ngram_size: z.number().optional(),
});

async function run(golden: GoldenCase): Promise<void> {
  const ids = await golden.inputIds('input_ids.npy');
  const model = await Gpt2.load(await golden.weights(), gpt2Config(golden.config));
  try {
    await teacherForced(golden, model, ids);
    const all = await greedy(golden, model, ids);
    await sampling(golden, all);
    await texts(golden, all);
  } finally {
    model.dispose();
  }
}

async function teacherForced(golden: GoldenCase, model: Gpt2, ids: readonly number[]): Promise<void> {
  const taps = new Map<number, tf.Tensor>();
  const tap = (layer: number, hidden: tf.Tensor): void => {
    if (golden.wants(`hidden_${layer}.npy`)) taps.set(layer, tf.keep(tf.expandDims(hidden, 0)));
  };
  const { hidden, logits } = model.forward(ids, { tap });
  const [rows, classes] = logits.shape;
  const scores = await logits.data<'float32'>();
  const logs = logSoftmax(scores, rows, classes);
  golden.put('logits.npy', scores, [1, rows, classes]);
  golden.put('log_probs.npy', Float32Array.from(logs), [1, rows, classes]);
  golden.put(
    'prompt_token_logprobs.npy',
    Float32Array.from(ids.slice(1), (id, i) => logs[i * classes + id] ?? NaN),
  );
  golden.put('hidden_last.npy', await hidden.data<'float32'>(), [1, ...hidden.shape]);
  for (const [layer, tensor] of taps) await golden.putTensor(`hidden_${layer}.npy`, tensor);
  tf.dispose([hidden, logits, ...taps.values()]);
}

/** As many new tokens as are asked for, whatever they are. */
async function greedy(golden: GoldenCase, model: Gpt2, ids: readonly number[]): Promise<number[]> {
  const asked = golden.expected.files['greedy_ids.npy']?.shape.at(-1) ?? ids.length;
  const added: number[] = [];
  const logs: number[] = [];
  for await (const token of generate(model, ids, { mostNewTokens: asked - ids.length, ends: [] })) {
    added.push(token.id);
    logs.push(token.logProbability);
  }
  const all = [...ids, ...added];
  golden.putIds('greedy_ids.npy', all);
  golden.put('greedy_token_logprobs.npy', Float32Array.from(logs));
  golden.putText('greedy_ids', all);
  golden.putText('greedy_new', added);
  return all;
}

async function sampling(golden: GoldenCase, history: readonly number[]): Promise<void> {
  if (!golden.hasInput('sampling/raw_logits.npy')) return;
  const raw = Float32Array.from((await golden.input('sampling/raw_logits.npy')).data);
  for (const one of golden.given('sampling_cases', z.array(samplingCase)) ?? []) {
    const scores = processScores(raw.slice(), history, {
      temperature: one.temperature ?? 1,
      topK: one.top_k ?? 0,
      topP: one.top_p ?? 1,
      repetitionPenalty: one.repetition_penalty ?? 1,
      noRepeatNgram: one.no_repeat_ngram_size ?? 0,
    });
    golden.put(one.file, scores);
  }
}

async function texts(golden: GoldenCase, all: readonly number[]): Promise<void> {
  const tokenizer = await goldenTokenizer(golden);
  if (tokenizer === undefined) return;
  putTokenizerCases(golden, tokenizer, true);
  const text = golden.given('text', z.string());
  if (text !== undefined) golden.putText('input_ids', tokenizer.encode(text, { special: true }).ids);
  golden.putText('greedy_text', tokenizer.decode(all));
}

export const gpt2Golden: GoldenFamily = {
  name: 'gpt2',
  matches: (golden) => isModel(golden, 'gpt2', /^GPT2/),
  run,
};
