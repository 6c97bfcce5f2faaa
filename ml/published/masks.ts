/** A BERT with a masked-LM head: the words behind a text's masks. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { MlError } from '../errors';
import { softmax } from '../generation/sampling';
import type { Bert } from '../models/bert/model';
import type { WordPiece } from '../tokenizers/wordPiece';
import type { LabelScore } from '../trained/scores';
import type { ReadAnswer } from './reader';
import { checkedParameters } from './work';

const parametersOf = z.strictObject({ topK: z.number().int().min(1).max(1000).default(5) });

export interface MaskParts {
  readonly model: Bert;
  readonly tokenizer: WordPiece;
  /** How the text has it. */
  readonly mask: string;
}

/** `labels` of the first mask, `values` of each, best first; `text` with the best in the masks' places. */
export async function fillMasks(
  { model, tokenizer, mask }: MaskParts,
  text: string,
  parameters: unknown,
): Promise<ReadAnswer> {
  const { topK } = checkedParameters(parametersOf, parameters);
  const tokens = tokenizer.encode(text, { most: model.config.positions });
  const masks = tokens.filter(({ token, word }) => token === mask && word !== undefined);
  if (masks.length === 0) {
    const room = model.config.positions;
    throw new MlError(
      'input.invalid',
      `The text has no ${mask} among its first ${room} tokens; put one where a word is to be found.`,
    );
  }
  const rows = masks.map((one) => tokens.indexOf(one));
  const ids = tokens.map(({ id }) => id);
  const scores = await scoresAt(model, ids, rows);
  const names = new Map([...tokenizer.files.vocabulary].map(([token, id]) => [id, token]));
  const values = scores.map((row) => best(row, topK, names));
  const words = values.map((labels) => (labels[0]?.label ?? '').replace(tokenizer.files.prefix, ''));
  const points = Array.from(text);
  // From the end on, so that the places before stay where they are.
  for (const [i, { start, end }] of [...masks.entries()].reverse())
    points.splice(start, end - start, words[i] ?? '');
  return { text: points.join(''), labels: values[0] ?? [], values };
}

function best(scores: Float32Array, count: number, names: ReadonlyMap<number, string>): LabelScore[] {
  const probabilities = softmax(scores);
  return Array.from(probabilities, (score, id) => ({ label: names.get(id) ?? `[${id}]`, score }))
    .sort((a, b) => b.score - a.score)
    .slice(0, count);
}

/** Unnormalised scores of the words at some places of the text. */
async function scoresAt(
  model: Bert,
  ids: readonly number[],
  places: readonly number[],
): Promise<Float32Array[]> {
  const { embeddings, hidden } = model.forward([{ ids }]);
  const scores = tf.tidy(() => {
    const rows = tf.reshape<tf.Rank.R2>(hidden, [ids.length, model.config.width]);
    return model.fillMask(tf.gather(rows, tf.tensor1d([...places], 'int32')));
  });
  tf.dispose([embeddings, hidden]);
  if (scores === undefined) throw new MlError('model.unsupported', 'The model fills no masks.');
  try {
    const data = await scores.data<'float32'>();
    const { vocabulary } = model.config;
    return places.map((_, i) => data.subarray(i * vocabulary, (i + 1) * vocabulary));
  } finally {
    scores.dispose();
  }
}
