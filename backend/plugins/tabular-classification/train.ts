import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import type { TabularColumn } from '../../../ml/trained/metadata';
import { encodeRows, parseNumber, tabularWidth } from '../../../ml/trained/tabularFeatures';
import {
  classificationLoss,
  classWeightsOf,
  logitsOf,
  type ClassificationBatch,
} from '../../sdk/classification';
import { invalidData } from '../../sdk/errors';
import { Answers, evaluateKnown, type KnownExample } from '../../sdk/predictions';
import { inBatches, shuffledBatches, stratifiedSplit } from '../../sdk/split';
import type { PrepareContext, TrainingSetup } from '../../sdk/trainingTask';
import type { DataOptions, ModelOptions } from './config';
import { analyse, type Analysis } from './data';
import { buildModel } from './model';

/** Rows measured at once. */
const evaluationBatch = 1024;

export async function prepare(
  context: PrepareContext<DataOptions, ModelOptions>,
): Promise<TrainingSetup<ClassificationBatch>> {
  const { data, training, random, signal } = context;
  const analysis = await analyse(context, signal);
  if (analysis.problems.some((one) => one.severity === 'error')) throw invalidData(analysis.problems);
  const { labels, targets, table } = analysis;
  const split = stratifiedSplit(targets, data.validation, random);
  const columns = fitColumns(analysis, split.training);
  const width = tabularWidth(columns);
  const records = table.rows.map((row) => Object.fromEntries(table.header.map((name, i) => [name, row[i]])));
  const inputs = encodeRows(columns, records);
  const model = buildModel(context.model, width, labels.length);
  const logits = logitsOf(model);
  const weights = classWeightsOf(
    training.classWeights,
    labels,
    split.training.map((row) => targets[row] ?? 0),
  );
  const classes = { classes: labels.length, ...(weights === undefined ? {} : { classWeights: weights }) };
  const dataHash = createHash('sha256')
    .update(await readFile(context.resolve(data.path)))
    .digest('hex');

  const batchOf = (rows: readonly number[]): ClassificationBatch => {
    const block = new Float32Array(rows.length * width);
    rows.forEach((row, i) => block.set(inputs.subarray(row * width, (row + 1) * width), i * width));
    return {
      inputs: tf.tensor2d(block, [rows.length, width]),
      labels: tf.tensor1d(
        rows.map((row) => targets[row] ?? 0),
        'int32',
      ),
    };
  };
  const answers = new Answers(
    split.validation.map((row) => knownRow(analysis, data.label, row)),
    labels,
  );
  return {
    model,
    stepsPerEpoch: Math.ceil(split.training.length / training.batchSize),
    *trainBatches(_epoch, order) {
      for (const rows of shuffledBatches(split.training, training.batchSize, order)) yield batchOf(rows);
    },
    loss: (batch) => classificationLoss(logits, batch, classes),
    evaluate: (stop) => evaluateKnown(logits, batchesOf(split.validation, batchOf), labels, answers, stop),
    samples: () => Promise.resolve(answers.samples()),
    metadata: () => ({
      labels: [...labels],
      preprocessing: { kind: 'tabular', columns, labelColumn: data.label },
      dataHash,
    }),
  };
}

/** The row without its label, as `column = cell` in the table's order. */
function knownRow(
  { table, columns, labels, targets }: Analysis,
  labelColumn: string,
  row: number,
): KnownExample {
  const used = new Set(columns.map(({ name }) => name));
  const cells = table.header.flatMap((name, i) =>
    name !== labelColumn && used.has(name) ? [`${name} = ${table.rows[row]?.[i] ?? ''}`] : [],
  );
  const line = table.lines[row];
  const label = labels[targets[row] ?? -1] ?? '';
  return { text: cells.join(', '), label, ...(line === undefined ? {} : { line }) };
}

function* batchesOf(
  rows: readonly number[],
  batchOf: (rows: readonly number[]) => ClassificationBatch,
): Iterable<ClassificationBatch> {
  for (const some of inBatches(rows, evaluationBatch)) yield batchOf(some);
}

/** Means and deviations come from the training rows alone: the validation rows must stay unseen. */
function fitColumns({ columns, table }: Analysis, rows: readonly number[]): TabularColumn[] {
  return columns.map((column) => {
    if (column.kind === 'categorical')
      return { name: column.name, kind: 'categorical', values: [...column.values] };
    const values = rows.map((row) => parseNumber(table.rows[row]?.[column.index]) ?? 0);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    // A constant column has nothing to scale by; it stays 0.
    return { name: column.name, kind: 'numeric', mean, std: variance > 0 ? Math.sqrt(variance) : 1 };
  });
}
