/** What a classifier says of single examples: a few samples after each epoch, and its mistakes after an evaluation. */
import * as tf from '@tensorflow/tfjs-core';
import { evaluateClassifier, type ClassificationBatch } from './classification';
import type { Evaluation, SamplePrediction } from './trainingTask';

/** An example as a person knows it again. */
export interface KnownExample {
  /** As text: the text itself, or a row's cells. */
  readonly text?: string;
  /** Of a sound: its file. */
  readonly audioPath?: string;
  readonly label: string;
  /** Line of the file the example is from. */
  readonly line?: number;
}

export interface Mistake extends KnownExample {
  readonly predicted: string;
  /** The model's probability of what it predicted. */
  readonly score: number;
}

const mostSamples = 8;
const mostMistakes = 30;
const longestText = 200;

const rounded = (score: number): number => Number(score.toFixed(4));

/** Up to 8 of the given examples, a different label each as far as they go; always the same ones. */
export function chooseSamples<E extends { readonly label: string }>(examples: readonly E[]): E[] {
  const byLabel = new Map<string, E[]>();
  for (const example of examples) {
    byLabel.set(example.label, [...(byLabel.get(example.label) ?? []), example]);
  }
  const chosen: E[] = [];
  for (let round = 0; chosen.length < Math.min(mostSamples, examples.length); round++) {
    for (const group of byLabel.values()) {
      const example = group[round];
      if (example !== undefined && chosen.length < mostSamples) chosen.push(example);
    }
  }
  return chosen;
}

/** `batch` holds the examples in their order; it is disposed. */
export async function samplePredictions(
  logits: (inputs: tf.Tensor, training: boolean) => tf.Tensor2D,
  batch: ClassificationBatch,
  labels: readonly string[],
  examples: readonly KnownExample[],
): Promise<SamplePrediction[]> {
  const probabilities = tf.tidy(() => tf.softmax(logits(batch.inputs, false)));
  const rows = await probabilities.array();
  tf.dispose([probabilities, batch.inputs, batch.labels]);
  return examples.map(({ text, audioPath, label }, i) => {
    const row = rows[i] ?? [];
    const best = row.reduce((top, score, place) => (score > (row[top] ?? -1) ? place : top), 0);
    return {
      ...(text === undefined ? {} : { input: text.slice(0, longestText) }),
      ...(audioPath === undefined ? {} : { audioPath }),
      truth: label,
      predicted: labels[best] ?? '',
      score: rounded(row[best] ?? NaN),
    };
  });
}

/** Collects what an evaluation got wrong; its batches come in the order of the examples. */
export class Mistakes {
  private readonly found: Mistake[] = [];
  private at = 0;

  constructor(
    private readonly examples: readonly KnownExample[],
    private readonly labels: readonly string[],
  ) {}

  /** For `evaluateClassifier`: the class guessed for each example of a batch and its probability. */
  readonly see = (guesses: ArrayLike<number>, scores: ArrayLike<number>): void => {
    for (let i = 0; i < guesses.length; i++) {
      const example = this.examples[this.at++];
      const predicted = this.labels[guesses[i] ?? -1];
      if (example === undefined || predicted === undefined || predicted === example.label) continue;
      const { text, audioPath, label, line } = example;
      this.found.push({
        ...(text === undefined ? {} : { text: text.slice(0, longestText) }),
        ...(audioPath === undefined ? {} : { audioPath }),
        label,
        predicted,
        score: rounded(scores[i] ?? NaN),
        ...(line === undefined ? {} : { line }),
      });
    }
  };

  /** Those the model was surest of, first. */
  worst(): Mistake[] {
    return this.found.sort((a, b) => b.score - a.score).slice(0, mostMistakes);
  }
}

/** Measures a classifier and lists its mistakes in the report. The batches hold the examples in their order. */
export async function evaluateKnown(
  logits: (inputs: tf.Tensor, training: boolean) => tf.Tensor2D,
  batches: Iterable<ClassificationBatch>,
  labels: readonly string[],
  examples: readonly KnownExample[],
  stop: AbortSignal,
): Promise<Evaluation> {
  const mistakes = new Mistakes(examples, labels);
  const evaluation = await evaluateClassifier(logits, batches, labels, stop, mistakes.see);
  return { ...evaluation, report: { ...evaluation.report, mistakes: mistakes.worst() } };
}
