import { MlError } from '../errors';
import type { TrainedModel } from './load';
import { scoreLabels, type LabelScore } from './scores';
import { encodeRows, tabularWidth } from './tabularFeatures';

/**
 * The amounts that the model answers for each row `{column: value}`, by their names. Throws as `classifyRows` does, and
 * `model.unsupported` for a classifier.
 */
export async function valuesOfRows(
  trained: TrainedModel,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<Record<string, number>[]> {
  if (trained.metadata.answers !== 'values') {
    throw new MlError('model.unsupported', `"${trained.metadata.name}" answers probabilities, not amounts.`);
  }
  const answers = await classifyRows(trained, rows);
  return answers.map((row) => Object.fromEntries(row.map(({ label, score }) => [label, score])));
}

/**
 * Label scores of each row `{column: value}`, best first.
 * Throws `input.invalid` for a missing or unknown value, `model.unsupported` for a model of something else.
 */
export async function classifyRows(
  { model, metadata }: TrainedModel,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<LabelScore[][]> {
  const { preprocessing, labels } = metadata;
  if (preprocessing.kind !== 'tabular') {
    throw new MlError(
      'model.unsupported',
      `"${metadata.name}" takes ${preprocessing.kind}, not rows of a table.`,
    );
  }
  if (rows.length === 0) throw new MlError('input.invalid', 'There is no row to classify.');
  const input = encodeRows(preprocessing.columns, rows);
  return scoreLabels(model, labels, input, [rows.length, tabularWidth(preprocessing.columns)]);
}
