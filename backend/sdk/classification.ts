/** What every classifier shares: softmax cross-entropy, accuracy, confusion matrix, figures per label. */
import * as tf from '@tensorflow/tfjs-core';
import { model as sharedModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { breathe } from './breathe';
import type { ClassWeights } from './options';
import type { Evaluation, LabelFigures, StepResult } from './trainingTask';

/** One batch: `inputs` as the model takes them, `labels` int32 `[n]`. */
export type ClassificationBatch = { inputs: tf.Tensor; labels: tf.Tensor1D };

/**
 * The scores before the final softmax, as a function of the inputs: the loss stays exact where probabilities would
 * underflow. The model must end in a dense layer with softmax, so that its own output is probabilities.
 */
export function logitsOf(model: LayersModel): (inputs: tf.Tensor, training: boolean) => tf.Tensor2D {
  const last = model.layers.at(-1);
  const activation: unknown = last?.getConfig()['activation'];
  if (last?.getClassName() !== 'Dense' || activation !== 'softmax') {
    throw new Error('A classifier must end in a dense layer with softmax activation.');
  }
  const features = sharedModel({ inputs: model.inputs, outputs: last.input });
  const [kernel, bias] = last.weights;
  return (inputs, training) => {
    const hidden = features.apply(inputs, { training }) as tf.Tensor2D;
    const scores: tf.Tensor2D = tf.matMul(hidden, kernel?.read() as tf.Tensor2D);
    return bias === undefined ? scores : tf.add(scores, bias.read());
  };
}

export interface ClassificationLossOptions {
  readonly classes: number;
  /** One factor per class, for unbalanced data. */
  readonly classWeights?: readonly number[];
  /** 0..1: share of the target spread over all classes. */
  readonly labelSmoothing?: number;
}

/** Loss and accuracy of a batch; call inside `TrainingSetup.loss`. */
export function classificationLoss(
  logits: (inputs: tf.Tensor, training: boolean) => tf.Tensor2D,
  batch: ClassificationBatch,
  options: ClassificationLossOptions,
): StepResult {
  const scores = logits(batch.inputs, true);
  return {
    loss: crossEntropy(scores, batch.labels, options),
    metrics: { accuracy: tf.mean(tf.cast(tf.equal(tf.argMax(scores, 1), batch.labels), 'float32')) },
    examples: batch.labels.shape[0],
  };
}

/** Mean softmax cross-entropy. `scores` `[n, classes]`, `labels` int32 `[n]`. */
export function crossEntropy(
  scores: tf.Tensor2D,
  labels: tf.Tensor1D,
  options: ClassificationLossOptions,
): tf.Scalar {
  const { classes, classWeights, labelSmoothing = 0 } = options;
  const oneHot = tf.cast(tf.oneHot(labels, classes), 'float32');
  const targets =
    labelSmoothing > 0 ? tf.add(tf.mul(oneHot, 1 - labelSmoothing), labelSmoothing / classes) : oneHot;
  const each = tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(scores)), 1));
  if (classWeights === undefined) return tf.mean(each);
  const weights = tf.sum(tf.mul(oneHot, tf.tensor1d([...classWeights])), 1);
  return tf.div(tf.sum(tf.mul(each, weights)), tf.sum(weights));
}

/** Weights that give every class the same say, `n / (classes * count)`, as scikit-learn's `balanced`. */
export function balancedWeights(labels: readonly number[], classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts.map((count) => (count === 0 ? 0 : labels.length / (classes * count)));
}

/**
 * One factor per class, or undefined where all count the same.
 * @param targets class of each training example
 */
export function classWeightsOf(
  choice: ClassWeights | undefined,
  labels: readonly string[],
  targets: readonly number[],
): number[] | undefined {
  if (choice === undefined || choice === 'none') return undefined;
  if (choice === 'balanced') return balancedWeights(targets, labels.length);
  return labels.map((label) => choice[label] ?? 1);
}

/** Hears, batch by batch in their order, the class guessed for each example and its probability. */
export type GuessListener = (guesses: ArrayLike<number>, scores: ArrayLike<number>) => void;

/** Runs the batches in inference mode and measures: `val_loss`, `val_accuracy`, `val_macro_f1`, confusion. */
export async function evaluateClassifier(
  logits: (inputs: tf.Tensor, training: boolean) => tf.Tensor2D,
  batches: Iterable<ClassificationBatch> | AsyncIterable<ClassificationBatch>,
  labels: readonly string[],
  signal: AbortSignal,
  onGuesses?: GuessListener,
): Promise<Evaluation> {
  const confusion = labels.map(() => labels.map(() => 0));
  let examples = 0;
  let lossSum = 0;
  for await (const batch of batches) {
    const { loss, predicted, sureness } = tf.tidy(() => {
      const scores = logits(batch.inputs, false);
      return {
        loss: crossEntropy(scores, batch.labels, { classes: labels.length }),
        predicted: tf.argMax<tf.Tensor1D>(scores, 1),
        sureness: onGuesses === undefined ? undefined : tf.max(tf.softmax(scores), 1),
      };
    });
    const truth = await batch.labels.data();
    const guesses = await predicted.data();
    lossSum += ((await loss.data())[0] ?? NaN) * truth.length;
    examples += truth.length;
    truth.forEach((label, i) => {
      const row = confusion[label];
      const guess = guesses[i];
      if (row !== undefined && guess !== undefined) row[guess] = (row[guess] ?? 0) + 1;
    });
    if (sureness !== undefined) onGuesses?.(guesses, await sureness.data());
    tf.dispose([loss, predicted, ...(sureness === undefined ? [] : [sureness])]);
    tf.dispose(batch);
    await breathe();
    signal.throwIfAborted();
  }
  const perLabel = figuresPerLabel(confusion, labels);
  return {
    metrics: { val_loss: lossSum / examples, ...overall(confusion, perLabel, examples) },
    report: { labels, confusion, perLabel },
  };
}

function overall(
  confusion: readonly (readonly number[])[],
  perLabel: readonly LabelFigures[],
  examples: number,
): Record<'val_accuracy' | 'val_macro_f1', number> {
  const right = confusion.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
  const seen = perLabel.filter((one) => one.support > 0);
  return {
    val_accuracy: right / examples,
    val_macro_f1: seen.reduce((sum, one) => sum + one.f1, 0) / Math.max(1, seen.length),
  };
}

/** Precision, recall and F1 of each label; 0 where there is nothing to divide by. */
export function figuresPerLabel(
  confusion: readonly (readonly number[])[],
  labels: readonly string[],
): LabelFigures[] {
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  return labels.map((label, i) => {
    const row = confusion[i] ?? [];
    const right = row[i] ?? 0;
    const support = row.reduce((sum, count) => sum + count, 0);
    const guessed = confusion.reduce((sum, each) => sum + (each[i] ?? 0), 0);
    const precision = share(right, guessed);
    const recall = share(right, support);
    return { label, precision, recall, f1: share(2 * precision * recall, precision + recall), support };
  });
}
