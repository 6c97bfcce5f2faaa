import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { MlError } from '../errors';

export interface LabelScore {
  readonly label: string;
  /** Probability, 0..1. */
  readonly score: number;
}

/** Runs one batch of a classifier; for each example the labels with their scores, best first. */
export async function scoreLabels(
  model: LayersModel,
  labels: readonly string[],
  input: Float32Array,
  shape: readonly number[],
): Promise<LabelScore[][]> {
  const output = tf.tidy(() => {
    const answer = model.predict(tf.tensor(input, [...shape]));
    if (Array.isArray(answer)) throw new MlError('model.unsupported', 'The model has more than one output.');
    return answer;
  });
  const scores = await output.data<'float32'>();
  output.dispose();
  return Array.from({ length: shape[0] ?? 0 }, (_, row) =>
    labels
      .map((label, i) => ({ label, score: scores[row * labels.length + i] ?? 0 }))
      .sort((a, b) => b.score - a.score),
  );
}
