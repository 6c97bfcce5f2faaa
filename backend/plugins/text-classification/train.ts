import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs-core';
import { TextRows } from '../../../ml/trained/textFeatures';
import {
  classificationLoss,
  classWeightsOf,
  logitsOf,
  type ClassificationBatch,
} from '../../sdk/classification';
import { invalidData } from '../../sdk/errors';
import { Answers, evaluateKnown } from '../../sdk/predictions';
import type { Random } from '../../sdk/random';
import { inBatches, shuffledBatches } from '../../sdk/split';
import type { PrepareContext, TrainingSetup } from '../../sdk/trainingTask';
import type { DataOptions, ModelOptions } from './config';
import { analyse, type Prepared } from './data';
import { learnPreprocessing } from './encode';
import { buildModel } from './model';
import { withSlip } from './slips';
import { splitExamples } from './splitExamples';

/** Texts measured at once. */
const evaluationBatch = 256;

export async function prepare(
  context: PrepareContext<DataOptions, ModelOptions>,
): Promise<TrainingSetup<ClassificationBatch>> {
  const { data, training, random, signal } = context;
  const analysis = await analyse(context, signal);
  if (analysis.problems.some((one) => one.severity === 'error')) throw invalidData(analysis.problems);
  const { labels } = analysis;
  const classOf = new Map(labels.map((label, i) => [label, i]));
  const split = splitExamples(analysis, data.validation, classOf, random);
  const texts = split.training.map(({ prepared }) => prepared);
  const preprocessing = await learnPreprocessing(texts, data, context.model, signal);
  const rows = new TextRows(preprocessing);
  const { length, tokens, ngrams } = preprocessing;
  const shape = { length, tokens: tokens.length, ngrams: ngrams?.count ?? 0, labels: labels.length };
  const model = buildModel(context.model, shape, random);
  const logits = logitsOf(model);
  const weights = classWeightsOf(
    training.classWeights ?? data.classWeights,
    labels,
    split.training.map(({ label }) => classOf.get(label) ?? 0),
  );
  const alphabet = data.typos > 0 ? alphabetOf(texts, random) : [];
  const classes = { classes: labels.length, labelSmoothing: context.model.labelSmoothing };

  const batchOf = (examples: readonly Prepared[], drawn?: Random): ClassificationBatch => {
    const block = new Int32Array(examples.length * rows.width);
    examples.forEach(({ prepared }, i) => {
      const slips = drawn !== undefined && data.typos > 0 && drawn.next() < data.typos;
      const text = slips ? withSlip(prepared, alphabet, drawn) : prepared;
      rows.fill(text, block.subarray(i * rows.width, (i + 1) * rows.width));
    });
    const targets = examples.map(({ label }) => classOf.get(label) ?? 0);
    return {
      inputs: tf.tensor2d(block, [examples.length, rows.width], 'int32'),
      labels: tf.tensor1d(targets, 'int32'),
    };
  };
  const indices = split.training.map((_, i) => i);
  const answers = new Answers(split.validation, labels);
  return {
    model,
    stepsPerEpoch: Math.ceil(indices.length / training.batchSize),
    *trainBatches(_epoch, drawn) {
      for (const some of shuffledBatches(indices, training.batchSize, drawn)) {
        yield batchOf(
          some.flatMap((i) => split.training[i] ?? []),
          drawn,
        );
      }
    },
    loss: (batch) =>
      classificationLoss(logits, batch, {
        ...classes,
        ...(weights === undefined ? {} : { classWeights: weights }),
      }),
    evaluate: (stop) => evaluateKnown(logits, batchesOf(split.validation, batchOf), labels, answers, stop),
    samples: () => Promise.resolve(answers.samples()),
    metadata: () => ({ labels: [...labels], preprocessing, dataHash: hashOf(split) }),
  };
}

function* batchesOf(
  examples: readonly Prepared[],
  batchOf: (some: readonly Prepared[]) => ClassificationBatch,
): Iterable<ClassificationBatch> {
  const indices = examples.map((_, i) => i);
  for (const some of inBatches(indices, evaluationBatch))
    yield batchOf(some.flatMap((i) => examples[i] ?? []));
}

/** Characters as frequent as in the texts. */
function alphabetOf(texts: readonly string[], random: Random): string[] {
  return Array.from({ length: 4096 }, () => {
    const characters = Array.from(texts[random.int(texts.length)] ?? '');
    return characters[random.int(characters.length)] ?? '';
  });
}

function hashOf(split: Readonly<Record<'training' | 'validation', readonly Prepared[]>>): string {
  const hash = createHash('sha256');
  for (const { text, label } of [...split.training, ...split.validation])
    hash.update(JSON.stringify([text, label]));
  return hash.digest('hex');
}
