/** `inference/run` for a downloaded BERT: a text's classes, its words' labels, or the word behind its mask. */
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { MlError } from '../../ml/errors';
import { argmax, softmax } from '../../ml/generation/sampling';
import { bertConfig } from '../../ml/models/bert/config';
import { Bert } from '../../ml/models/bert/model';
import { labelledWords } from '../../ml/models/bert/words';
import { WordPiece } from '../../ml/tokenizers/wordPiece';
import { wordPieceFromJson, wordPieceFromVocab } from '../../ml/tokenizers/wordPieceFiles';
import type { Weights } from '../../ml/weights/weights';
import type { InferenceParams, InferenceResult } from '../../protocol/model/inference';
import { fillMasks, maskTask } from './maskFiller';
import { jsonIn, textIn, type PublishedFolder } from './publishedFolder';

export interface Reader {
  /** The hub's word for what it does. */
  readonly task: string;
  read(params: InferenceParams): Promise<InferenceResult['output']>;
  dispose(): void;
}

export async function loadBert(folder: PublishedFolder, weights: Weights): Promise<Reader> {
  const tokenizer = await wordPieceOf(folder.path);
  const ofWords = /ForTokenClassification$/.test(folder.architecture);
  const model = await Bert.load(weights, bertConfig(folder.config));
  const classifies = model.classes > 0 && (ofWords || model.hasPooler);
  const dispose = (): void => {
    model.dispose();
  };
  if (!classifies && model.fillsMasks) {
    const mask = await maskOf(folder.path);
    return { task: maskTask, read: (params) => fillMasks(model, tokenizer, mask, params), dispose };
  }
  const task = ofWords ? 'token-classification' : 'text-classification';
  if (!classifies) {
    model.dispose();
    throw new MlError(
      'model.unsupported',
      'The model has no classifier: it is the ground for one to be trained.',
    );
  }
  return {
    task,
    read: (params) => read(model, tokenizer, ofWords, params),
    dispose,
  };
}

const maskConfig = z.looseObject({
  mask_token: z.union([z.string(), z.looseObject({ content: z.string() })]).nullish(),
});

async function maskOf(folder: string): Promise<string> {
  const parsed = maskConfig.safeParse((await jsonIn(folder, 'tokenizer_config.json')) ?? {});
  const name = parsed.data?.mask_token ?? '[MASK]';
  return typeof name === 'string' ? name : name.content;
}

async function wordPieceOf(folder: string): Promise<WordPiece> {
  const config = (await jsonIn(folder, 'tokenizer_config.json')) ?? {};
  const json = await jsonIn(folder, 'tokenizer.json');
  if (json !== undefined) return new WordPiece(wordPieceFromJson(json, config));
  const vocab = await textIn(folder, 'vocab.txt');
  if (vocab !== undefined) return new WordPiece(wordPieceFromVocab(vocab, config));
  throw new MlError('model.unsupported', 'BERT needs its tokenizer.json or vocab.txt.');
}

async function read(
  model: Bert,
  tokenizer: WordPiece,
  ofWords: boolean,
  { input }: InferenceParams,
): Promise<InferenceResult['output']> {
  const { text } = input;
  if (text === undefined) throw new MlError('input.invalid', 'The model reads: it needs input.text.');
  const tokens = tokenizer.encode(text, { most: model.config.positions });
  const scores = await scoresOf(
    model,
    tokens.map(({ id }) => id),
    ofWords,
  );
  const { classes } = model;
  const label = (id: number): string => model.config.labels[id] ?? `LABEL_${id}`;
  if (!ofWords) {
    const given =
      model.config.multiLabel || classes === 1 ? scores.map((x) => 1 / (1 + Math.exp(-x))) : softmax(scores);
    const labels = Array.from(given, (score, id) => ({ label: label(id), score }));
    return { labels: labels.sort((a, b) => b.score - a.score) };
  }
  const best = tokens.map((_, i) => label(argmax(scores.subarray(i * classes, (i + 1) * classes))));
  const words = labelledWords(text, tokens, best);
  return { values: words.map(({ word, start, end, label: is }) => ({ word, start, end, label: is })) };
}

async function scoresOf(model: Bert, ids: readonly number[], ofWords: boolean): Promise<Float32Array> {
  const { embeddings, hidden } = model.forward([{ ids }]);
  const scores = tf.tidy(() => {
    const rows = ofWords
      ? tf.reshape<tf.Rank.R2>(hidden, [ids.length, model.config.width])
      : model.pool(hidden);
    return rows === undefined ? undefined : model.classify(rows);
  });
  tf.dispose([embeddings, hidden]);
  if (scores === undefined) throw new MlError('model.unsupported', 'The model has no classifier.');
  try {
    return await scores.data<'float32'>();
  } finally {
    scores.dispose();
  }
}
