/** A published BERT: a text's classes, its words' labels, or the word behind its mask. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { MlError } from '../errors';
import { argmax, softmax } from '../generation/sampling';
import { bertConfig } from '../models/bert/config';
import { Bert } from '../models/bert/model';
import { labelledWords } from '../models/bert/words';
import { WordPiece } from '../tokenizers/wordPiece';
import { wordPieceFromJson, wordPieceFromVocab } from '../tokenizers/wordPieceFiles';
import type { LabelScore } from '../trained/scores';
import type { SourceFolder } from '../weights/byteSource';
import { openWeights } from '../weights/open';
import { jsonOf, textOf } from './files';
import { fillMasks } from './masks';

export interface LabelledWord {
  readonly word: string;
  /** Places in code points. */
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

export interface ReadAnswer {
  /** Of the text, or of its first mask, best first. */
  readonly labels?: LabelScore[];
  /** The text with its masks filled. */
  readonly text?: string;
  /** Words with their labels, or the labels of each mask. */
  readonly values?: LabelledWord[] | LabelScore[][];
}

export interface PublishedReader {
  readonly does: 'read';
  /** The hub's word for what it does. */
  readonly task: 'text-classification' | 'token-classification' | 'fill-mask';
  /** Throws `input.invalid`. */
  read(text: string, parameters?: unknown): Promise<ReadAnswer>;
  dispose(): void;
}

const maskConfig = z.looseObject({
  mask_token: z.union([z.string(), z.looseObject({ content: z.string() })]).nullish(),
});
const headConfig = z.looseObject({ architectures: z.array(z.string()).nullish() });

export async function loadBert(folder: SourceFolder, config: unknown): Promise<PublishedReader> {
  const tokenizer = await wordPieceOf(folder);
  const head = headConfig.safeParse(config).data?.architectures?.[0] ?? '';
  const ofWords = /ForTokenClassification$/.test(head);
  const model = await Bert.load(await openWeights(folder), bertConfig(config));
  const classifies = model.classes > 0 && (ofWords || model.hasPooler);
  const dispose = (): void => {
    model.dispose();
  };
  if (!classifies && model.fillsMasks) {
    const mask = await maskOf(folder);
    const read: PublishedReader['read'] = (text, parameters) =>
      fillMasks({ model, tokenizer, mask }, text, parameters);
    return { does: 'read', task: 'fill-mask', read, dispose };
  }
  const task = ofWords ? 'token-classification' : 'text-classification';
  if (!classifies) {
    model.dispose();
    throw new MlError(
      'model.unsupported',
      'The model has no classifier: it is the ground for one to be trained.',
    );
  }
  return { does: 'read', task, read: (text) => classified(model, tokenizer, ofWords, text), dispose };
}

async function maskOf(folder: SourceFolder): Promise<string> {
  const parsed = maskConfig.safeParse((await jsonOf(folder, 'tokenizer_config.json')) ?? {});
  const name = parsed.data?.mask_token ?? '[MASK]';
  return typeof name === 'string' ? name : name.content;
}

async function wordPieceOf(folder: SourceFolder): Promise<WordPiece> {
  const config = (await jsonOf(folder, 'tokenizer_config.json')) ?? {};
  const json = await jsonOf(folder, 'tokenizer.json');
  if (json !== undefined) return new WordPiece(wordPieceFromJson(json, config));
  const vocab = await textOf(folder, 'vocab.txt');
  if (vocab !== undefined) return new WordPiece(wordPieceFromVocab(vocab, config));
  throw new MlError('model.unsupported', 'BERT needs its tokenizer.json or vocab.txt.');
}

async function classified(
  model: Bert,
  tokenizer: WordPiece,
  ofWords: boolean,
  text: string,
): Promise<ReadAnswer> {
  const tokens = tokenizer.encode(text, { most: model.config.positions });
  const ids = tokens.map(({ id }) => id);
  const scores = await scoresOf(model, ids, ofWords);
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
