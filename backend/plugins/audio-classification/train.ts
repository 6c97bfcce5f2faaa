import * as tf from '@tensorflow/tfjs-core';
import { normalizeBands } from '../../../ml/trained/audioFeatures';
import {
  classificationLoss,
  classWeightsOf,
  logitsOf,
  type ClassificationBatch,
} from '../../sdk/classification';
import { invalidData } from '../../sdk/errors';
import { Answers, evaluateKnown } from '../../sdk/predictions';
import type { Random } from '../../sdk/random';
import { inBatches, stratifiedSplit } from '../../sdk/split';
import type { PrepareContext, TrainingSetup } from '../../sdk/trainingTask';
import { Augmenter } from './augment';
import type { DataOptions, ModelOptions } from './config';
import { findClips } from './data';
import { bandFigures, computeFeatures, featureOptions, type FeatureSet } from './features';
import { buildModel } from './model';

/** Examples in one step of an evaluation. */
const evaluationBatch = 64;

/** Shuffled batches whose sizes differ by at most one: batch norm has nothing to go by in a last batch of one. */
export function evenBatches(indices: readonly number[], batchSize: number, random: Random): number[][] {
  const shuffled = random.shuffle([...indices]);
  const count = Math.ceil(shuffled.length / batchSize);
  return Array.from({ length: count }, (_, i) =>
    shuffled.slice(
      Math.round((i * shuffled.length) / count),
      Math.round(((i + 1) * shuffled.length) / count),
    ),
  );
}

function tensors(data: Float32Array, labels: readonly number[], set: FeatureSet): ClassificationBatch {
  return {
    inputs: tf.tensor4d(data, [labels.length, set.frames, set.mels, 1]),
    labels: tf.tensor1d([...labels], 'int32'),
  };
}

export async function prepare(
  context: PrepareContext<DataOptions, ModelOptions>,
): Promise<TrainingSetup<ClassificationBatch>> {
  const { data, training, random, signal } = context;
  const { clips, labels, problems } = await findClips(context, signal);
  if (problems.some((one) => one.severity === 'error')) throw invalidData(problems);
  const options = featureOptions(context.model);
  const set = await computeFeatures(clips, options, signal);
  const classes = clips.map((clip) => labels.indexOf(clip.label));
  const split = stratifiedSplit(classes, data.validation, random);
  const bands = bandFigures(set, split.training);
  const model = buildModel(context.model, { ...set, labels: labels.length }, random);
  const logits = logitsOf(model);
  const augmenter = new Augmenter(data.augmentation, options, set.frames);
  // Recordings are seldom as many for each word.
  const classWeights = classWeightsOf(
    training.classWeights ?? 'balanced',
    labels,
    split.training.map((i) => classes[i] ?? 0),
  );
  const lossOptions = {
    classes: labels.length,
    labelSmoothing: 0.05,
    ...(classWeights === undefined ? {} : { classWeights }),
  };
  const size = set.frames * set.mels;
  const classOf = (indices: readonly number[]) => indices.map((i) => classes[i] ?? 0);

  function augmented(indices: readonly number[], drawn: Random): ClassificationBatch {
    const input = new Float32Array(indices.length * size);
    indices.forEach((index, i) => {
      const output = input.subarray(i * size, (i + 1) * size);
      augmenter.apply(set.energies[index] ?? new Float32Array(size), drawn, bands.mean, output);
    });
    normalizeBands(input, bands);
    return tensors(input, classOf(indices), set);
  }

  function unchanged(indices: readonly number[]): ClassificationBatch {
    const input = new Float32Array(indices.length * size);
    indices.forEach((index, i) => input.set(set.energies[index] ?? [], i * size));
    normalizeBands(input, bands);
    return tensors(input, classOf(indices), set);
  }

  const answers = new Answers(
    split.validation.map((index) => ({
      audioPath: clips[index]?.file ?? '',
      label: clips[index]?.label ?? '',
    })),
    labels,
  );
  return {
    model,
    stepsPerEpoch: Math.ceil(split.training.length / training.batchSize),
    *trainBatches(_epoch, drawn) {
      for (const indices of evenBatches(split.training, training.batchSize, drawn)) {
        yield augmented(indices, drawn);
      }
    },
    loss: (batch) => classificationLoss(logits, batch, lossOptions),
    evaluate: (stop) =>
      evaluateKnown(logits, validationBatches(split.validation, unchanged), labels, answers, stop),
    samples: () => Promise.resolve(answers.samples()),
    metadata: () => ({ labels: [...labels], preprocessing: { ...options, ...bands }, dataHash: set.hash }),
  };
}

function* validationBatches(
  indices: readonly number[],
  batch: (indices: readonly number[]) => ClassificationBatch,
): Iterable<ClassificationBatch> {
  for (const part of inBatches(indices, evaluationBatch)) yield batch(part);
}
