import * as tf from '@tensorflow/tfjs-core';
import { ctcTensorLoss } from '../../../ml/ctc/ctcTensorLoss';
import { editDistance } from '../../../ml/metrics/editDistance';
import { breathe } from '../../sdk/breathe';
import { invalidData } from '../../sdk/errors';
import { chooseSamples } from '../../sdk/predictions';
import { runtimeFile } from '../../sdk/runtimeFile';
import type { PrepareContext, StepResult, TrainingSetup } from '../../sdk/trainingTask';
import { Swapper } from './augment';
import type { DataOptions, ModelOptions } from './config';
import { findWords } from './data';
import { Encoder, vocabularyOf, type Batch } from './encoder';
import { errorRates, type Spoken } from './evaluate';
import type { Entry } from './lexicon';
import { buildModel } from './model';
import { Sampler } from './sampling';

/** Words measured at once. */
const evaluationBatch = 256;

export async function prepare(
  context: PrepareContext<DataOptions, ModelOptions>,
): Promise<TrainingSetup<Batch>> {
  const { data, training, random, signal } = context;
  const { words, validation, withheld, problems, hash } = await findWords(context, signal, random);
  if (problems.some((one) => one.severity === 'error')) throw invalidData(problems);
  const vocabulary = vocabularyOf(words);
  const { model, members } = buildModel(context.model, vocabulary.alphabet.length, vocabulary.labels.length);
  const encoder = new Encoder(vocabulary, context.model.upsampling);
  const asked = data.epochWords ?? words.length;
  const epochWords = data.balance === 0 ? Math.min(asked, words.length) : asked;
  const sampler = new Sampler(words, data.balance, epochWords);
  const sampled = chooseSamples(validation.map((entry) => ({ ...entry, label: entry.stem })));
  const swapper = new Swapper(words, data.augmentation);
  const score = (batch: Batch): tf.Tensor3D => model.apply(batch.ids) as tf.Tensor3D;
  const scoreEach = (batch: Batch): tf.Tensor3D[] =>
    [members.apply(batch.ids, { training: true })].flat() as tf.Tensor3D[];

  return {
    model,
    stepsPerEpoch: Math.ceil(epochWords / training.batchSize),
    *trainBatches(_epoch, drawn) {
      for (const indices of sampler.epoch(training.batchSize, drawn)) {
        yield encoder.batch(
          indices.flatMap((i) => words[i] ?? []).map((entry) => swapper.apply(entry, drawn)),
        );
      }
    },
    loss: (batch) => stepOf(scoreEach(batch), batch, encoder),
    evaluate: async (stop) => {
      const main = await speak(validation, encoder, score, stop);
      const { spoken } = await speak(withheld, encoder, score, stop);
      const beside = { withheld: spoken, reference: data.reference };
      return errorRates(main.spoken, vocabulary.labels, main.loss, beside);
    },
    samples: async (stop) => {
      const { spoken } = await speak(sampled, encoder, score, stop);
      return spoken.map(({ entry, phonemes }) => ({
        input: entry.word,
        truth: entry.phonemes.join(' '),
        predicted: phonemes.join(' '),
      }));
    },
    metadata: () => ({
      labels: [...vocabulary.labels],
      preprocessing: {
        kind: 'graphemes',
        alphabet: [...vocabulary.alphabet],
        ignored: data.ignore,
        upsampling: context.model.upsampling,
      },
      dataHash: hash,
    }),
    files: () => ({ 'runtime.mjs': runtimeFile('grapheme-to-phoneme') }),
  };
}

/** The mean loss of the members; the error rates are those of the first. */
function stepOf(scores: readonly tf.Tensor3D[], batch: Batch, encoder: Encoder): StepResult {
  const [first] = scores;
  if (first === undefined) throw new Error('the model gave no scores');
  const heard = encoder.decode(first.dataSync<'float32'>(), first.shape, batch.frames);
  const own = batch.labels.map((labels) => encoder.names(labels));
  const edits = own.map((phonemes, i) => editDistance(phonemes, heard[i] ?? []));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const losses = scores.map((own) => ctcTensorLoss(own, batch.labels, { frameLengths: batch.frames }));
  return {
    loss: tf.div(tf.addN(losses), losses.length),
    metrics: {
      per: tf.scalar(sum(edits) / sum(own.map((phonemes) => phonemes.length))),
      wer: tf.scalar(edits.filter((count) => count > 0).length / own.length),
    },
    examples: own.length,
  };
}

/** The model's answers in the order of the entries, and the mean loss. */
async function speak(
  entries: readonly Entry[],
  encoder: Encoder,
  score: (batch: Batch) => tf.Tensor3D,
  signal: AbortSignal,
): Promise<{ readonly spoken: Spoken[]; readonly loss: number }> {
  const sorted = [...entries].sort((a, b) => a.letters.length - b.letters.length);
  const heard = new Map<Entry, Spoken>();
  let loss = 0;
  for (let from = 0; from < sorted.length; from += evaluationBatch) {
    const part = sorted.slice(from, from + evaluationBatch);
    const batch = encoder.batch(part);
    const [scores, sum] = tf.tidy(() => {
      const answer = score(batch);
      return [answer, ctcTensorLoss(answer, batch.labels, { frameLengths: batch.frames })] as const;
    });
    const decoded = encoder.decode(await scores.data<'float32'>(), scores.shape, batch.frames);
    part.forEach((entry, i) => heard.set(entry, { entry, phonemes: decoded[i] ?? [] }));
    loss += ((await sum.data())[0] ?? NaN) * part.length;
    tf.dispose([scores, sum, batch.ids]);
    await breathe();
    signal.throwIfAborted();
  }
  return {
    spoken: entries.flatMap((entry) => heard.get(entry) ?? []),
    loss: loss / Math.max(1, entries.length),
  };
}
