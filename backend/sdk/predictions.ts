/** What a classifier says of single examples when it is evaluated: of a few samples, and where it is mistaken. */
import type * as tf from '@tensorflow/tfjs-core';
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

/** What a classifier says of validation examples, batch after batch in the order of the examples. */
export class Answers {
  /** By their place among the examples. */
  private readonly sampled: ReadonlyMap<number, KnownExample>;
  private readonly said = new Map<number, SamplePrediction>();
  private mistakes: Mistake[] = [];
  private at = 0;

  constructor(
    private readonly examples: readonly KnownExample[],
    private readonly labels: readonly string[],
  ) {
    const chosen = new Set(chooseSamples(examples));
    this.sampled = new Map([...examples.entries()].filter(([, example]) => chosen.has(example)));
  }

  /** Before the examples are gone through anew. */
  begin(): void {
    this.at = 0;
    this.mistakes = [];
  }

  /** For `evaluateClassifier`: the class guessed for each example of a batch and its probability. */
  readonly see = (guesses: ArrayLike<number>, scores: ArrayLike<number>): void => {
    for (let i = 0; i < guesses.length; i++) {
      const place = this.at++;
      const example = this.examples[place];
      const predicted = this.labels[guesses[i] ?? -1];
      if (example === undefined || predicted === undefined) continue;
      const score = rounded(scores[i] ?? NaN);
      if (this.sampled.has(place)) this.said.set(place, asSample(example, predicted, score));
      if (predicted !== example.label) this.mistakes.push(asMistake(example, predicted, score));
    }
  };

  /** What the last evaluation said of a few examples. */
  samples(): SamplePrediction[] {
    return [...this.sampled.keys()].flatMap((place) => this.said.get(place) ?? []);
  }

  /** Those the model was surest of, first. */
  worst(): Mistake[] {
    return this.mistakes.sort((a, b) => b.score - a.score).slice(0, mostMistakes);
  }
}

function asSample({ text, audioPath, label }: KnownExample, predicted: string, score: number) {
  return {
    ...(text === undefined ? {} : { input: text.slice(0, longestText) }),
    ...(audioPath === undefined ? {} : { audioPath }),
    truth: label,
    predicted,
    score,
  };
}

function asMistake({ text, audioPath, label, line }: KnownExample, predicted: string, score: number) {
  return {
    ...(text === undefined ? {} : { text: text.slice(0, longestText) }),
    ...(audioPath === undefined ? {} : { audioPath }),
    label,
    predicted,
    score,
    ...(line === undefined ? {} : { line }),
  };
}

/** Measures a classifier and lists its mistakes in the report. The batches hold the examples of `answers` in their order. */
export async function evaluateKnown(
  logits: (inputs: tf.Tensor, training: boolean) => tf.Tensor2D,
  batches: Iterable<ClassificationBatch>,
  labels: readonly string[],
  answers: Answers,
  stop: AbortSignal,
): Promise<Evaluation> {
  answers.begin();
  const evaluation = await evaluateClassifier(logits, batches, labels, stop, answers.see);
  return { ...evaluation, report: { ...evaluation.report, mistakes: answers.worst() } };
}
