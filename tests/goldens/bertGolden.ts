import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { argmax, softmax } from '../../ml/generation/sampling';
import { bertConfig } from '../../ml/models/bert/config';
import { Bert } from '../../ml/models/bert/model';
import type { BertInput } from '../../ml/models/bert/input';
import { labelledWords } from '../../ml/models/bert/words';
import { openWeightFile } from '../../ml/weights/open';
import { WordPiece, type PlacedToken } from '../../ml/tokenizers/wordPiece';
import { wordPieceFromJson } from '../../ml/tokenizers/wordPieceFiles';
import { compareArrays } from './compare';
import { isModel, type GoldenCase, type GoldenFamily } from './goldenCase';

const bertCase = z.looseObject({
  text: z.union([z.string(), z.array(z.string())]),
  text_pair: z.string().optional(),
  min_margin: z.number().optional(),
});

interface RowsOutput {
  readonly arrays: ReadonlyMap<string, { readonly data: Float32Array; readonly shape: number[] }>;
  readonly best: number[][];
  /** Between the best and the second class, the least of all. */
  readonly margin: number;
  readonly ofTokens: boolean;
}

async function run(golden: GoldenCase): Promise<void> {
  const config = bertConfig(golden.config);
  const model = await Bert.load(await golden.weights(), config);
  const outputs: Record<string, unknown> = {};
  const tokenizer = await wordPieceOf(golden);
  try {
    for (const [name, one] of Object.entries(golden.given('cases', z.record(z.string(), bertCase)) ?? {})) {
      const rows = await inputRows(golden, name);
      const result = await runRows(golden, model, rows);
      for (const [file, { data, shape }] of result.arrays) golden.put(`${name}/${file}.npy`, data, shape);
      if (tokenizer !== undefined) outputs[name] = caseTexts(one, tokenizer, result, model);
    }
    await otherFiles(golden);
  } finally {
    model.dispose();
  }
  golden.putText('cases', outputs);
  golden.putText('labels', config.labels);
  if (tokenizer !== undefined) putTokenizer(golden, tokenizer);
}

async function wordPieceOf(golden: GoldenCase): Promise<WordPiece | undefined> {
  const json = await golden.json('tokenizer.json');
  if (json === undefined) return undefined;
  return new WordPiece(wordPieceFromJson(json, (await golden.json('tokenizer_config.json')) ?? {}));
}

async function inputRows(golden: GoldenCase, name: string): Promise<BertInput[]> {
  const ids = await golden.input(`${name}/input_ids.npy`);
  const types = await golden.input(`${name}/token_type_ids.npy`);
  const mask = await golden.input(`${name}/attention_mask.npy`);
  const [batch = 0, tokens = 0] = ids.shape;
  return Array.from({ length: batch }, (_, i) => {
    const row = (data: Float32Array | Int32Array): number[] =>
      Array.from(data.subarray(i * tokens, (i + 1) * tokens));
    return { ids: row(ids.data), typeIds: row(types.data), mask: row(mask.data) };
  });
}

/** Of a text where the model has a pooler, of each token where it has none. */
async function runRows(golden: GoldenCase, model: Bert, rows: readonly BertInput[]): Promise<RowsOutput> {
  const { embeddings, hidden } = model.forward(rows);
  const pooled = ofTokens(golden) ? undefined : model.pool(hidden);
  const flat = tf.reshape<tf.Rank.R2>(hidden, [-1, model.config.width]);
  const scores = model.classify(pooled ?? flat);
  const arrays = new Map<string, { data: Float32Array; shape: number[] }>();
  const keep = async (name: string, tensor: tf.Tensor, shape = tensor.shape): Promise<void> => {
    arrays.set(name, { data: await tensor.data<'float32'>(), shape });
  };
  await keep('embeddings', embeddings);
  await keep('last_hidden_state', hidden);
  if (pooled !== undefined) await keep('pooled', pooled);
  const best: number[][] = [];
  let margin = Infinity;
  if (scores !== undefined) {
    const [, tokens] = hidden.shape;
    const perRow = pooled === undefined ? tokens : 1;
    await keep('logits', scores, pooled === undefined ? [rows.length, tokens, model.classes] : scores.shape);
    const data = arrays.get('logits')?.data ?? new Float32Array(0);
    const row = (i: number): Float32Array => data.subarray(i * model.classes, (i + 1) * model.classes);
    for (let i = 0; i < rows.length; i++) {
      best.push(Array.from({ length: perRow }, (_, t) => argmax(row(i * perRow + t))));
      for (let t = 0; t < perRow; t++) margin = Math.min(margin, marginOf(row(i * perRow + t)));
    }
    if (pooled !== undefined) {
      const each = rows.flatMap((_, i) => Array.from(softmax(row(i))));
      arrays.set('probs', { data: Float32Array.from(each), shape: scores.shape });
    }
  }
  tf.dispose([embeddings, hidden, flat, ...(pooled ? [pooled] : []), ...(scores ? [scores] : [])]);
  return { arrays, best, margin, ofTokens: pooled === undefined };
}

function ofTokens(golden: GoldenCase): boolean {
  const { architectures } = golden.config;
  return (
    Array.isArray(architectures) && architectures.some((one) => /ForTokenClassification$/.test(String(one)))
  );
}

/** A margin listed is taken for ours where the scores' own tolerance does not tell them apart. */
function near(margin: number, listed: number | undefined): number {
  return listed !== undefined && Math.abs(margin - listed) <= 1e-4 ? listed : margin;
}

function marginOf(scores: Float32Array): number {
  const [best = NaN, second = NaN] = scores.slice().sort().reverse();
  return best - second;
}

/** What expected.json tells of a case, from the texts alone. */
function caseTexts(
  one: z.infer<typeof bertCase>,
  tokenizer: WordPiece,
  result: RowsOutput,
  model: Bert,
): Record<string, unknown> {
  const texts = typeof one.text === 'string' ? [one.text] : one.text;
  const encoded = texts.map((text) =>
    tokenizer.encode(text, one.text_pair === undefined ? {} : { pair: one.text_pair }),
  );
  const longest = Math.max(...encoded.map((tokens) => tokens.length));
  const filled = <T>(tokens: readonly PlacedToken[], of: (token: PlacedToken) => T, filler: T): T[] => [
    ...tokens.map(of),
    ...Array.from({ length: longest - tokens.length }, () => filler),
  ];
  const pad = [...tokenizer.files.vocabulary].find(([, id]) => id === model.config.pad)?.[0] ?? '';
  const label = (id: number): string => model.config.labels[id] ?? `LABEL_${id}`;
  const first = encoded[0] ?? [];
  return {
    text: one.text,
    ...(one.text_pair === undefined ? {} : { text_pair: one.text_pair }),
    input_ids: encoded.map((tokens) => filled(tokens, ({ id }) => id, model.config.pad)),
    token_type_ids: encoded.map((tokens) => filled(tokens, ({ type }) => type, 0)),
    attention_mask: encoded.map((tokens) => filled(tokens, () => 1, 0)),
    tokens: encoded.map((tokens) => filled(tokens, ({ token }) => token, pad)),
    pred: result.ofTokens ? result.best : result.best.flat(),
    ...(result.ofTokens ? {} : { label: result.best.map(([id = 0]) => label(id)) }),
    min_margin: near(result.margin, one.min_margin),
    offsets: first.map(({ start, end }) => [start, end]),
    word_ids: first.map(({ word }) => word ?? null),
    words: labelledWords(texts[0] ?? '', first, (result.best[0] ?? []).map(label)).map(
      ({ word, first: token, label: is }) => ({ word, first_token: token, label: is }),
    ),
  };
}

function putTokenizer(golden: GoldenCase, tokenizer: WordPiece): void {
  const cases = golden.given('tokenizer_cases', z.array(z.looseObject({ text: z.string() }))) ?? [];
  const ids = (tokens: readonly PlacedToken[]): number[] => tokens.map(({ id }) => id);
  golden.putText(
    'tokenizer_cases',
    cases.map(({ text }) => ({
      text,
      ids: ids(tokenizer.encode(text)),
      tokens: tokenizer.encode(text, { special: false }).map(({ token }) => token),
    })),
  );
  const cut = z.looseObject({
    text: z.string(),
    max_length: z.number(),
    pair_first: z.string(),
    pair: z.array(z.number()),
  });
  const given = golden.given('truncation_case', cut);
  if (given === undefined) return;
  const { text, max_length: most, pair_first: before } = given;
  // How long the pair may be is told by its length alone.
  const both = tokenizer.encode(before, { pair: text, most: given.pair.length });
  golden.putText('truncation_case', {
    text,
    max_length: most,
    ids: ids(tokenizer.encode(text, { most })),
    pair: ids(both),
    pair_first: before,
  });
}

/** Older containers of the same weights must give the same. */
async function otherFiles(golden: GoldenCase): Promise<void> {
  for (const file of ['alt/pytorch_model.bin', 'alt/model.safetensors']) {
    if ((await golden.folder.open(file)) === undefined) continue;
    const model = await Bert.load(await openWeightFile(golden.folder, file), bertConfig(golden.config));
    try {
      for (const name of Object.keys(golden.given('cases', z.record(z.string(), bertCase)) ?? {})) {
        const { arrays } = await runRows(golden, model, await inputRows(golden, name));
        for (const [output, array] of arrays) {
          const listed = `${name}/${output}.npy`;
          const ours = golden.arrays.get(listed);
          if (ours === undefined) continue;
          const { passed, text } = compareArrays(array, ours, golden.expected.files[listed]?.atol ?? 0);
          if (!passed) golden.remark(`${listed} from ${file} against the first file: ${text}`, true);
        }
      }
      golden.remark(`${file} read and run like the first file`, false);
    } finally {
      model.dispose();
    }
  }
}

export const bertGolden: GoldenFamily = {
  name: 'bert',
  matches: (golden) => isModel(golden, 'bert', /^Bert/),
  run,
};
