import * as tf from '@tensorflow/tfjs-core';
import { ctcTensorLoss } from '../../../ml/ctc/ctcTensorLoss';
import { greedyDecode } from '../../../ml/ctc/decode';
import { decodeClasses, textOfClasses, type SpeechDecoding } from '../../../ml/speech/decodeSpeech';
import { breathe } from '../../sdk/breathe';
import { invalidData } from '../../sdk/errors';
import { batchesByLength } from '../../sdk/lengthBatches';
import type { Random } from '../../sdk/random';
import { runtimeFile } from '../../sdk/runtimeFile';
import type { PrepareContext, TrainingSetup } from '../../sdk/trainingTask';
import { fits, toBatch, type Batch, type Example, type FrameShape } from './batches';
import type { DataOptions, ModelOptions } from './config';
import { findSpeech, type Utterance } from './data';
import { evaluationOf, type Heard } from './evaluate';
import { hearingOf } from './hearing';
import { buildModel } from './model';
import { priorsOf } from './priors';
import { inPhonemes } from './sounds';

/** The place of the CTC blank. */
const nothing = '∅';
const evaluationBatch = 16;
const mostSamples = 8;

export async function prepare(
  context: PrepareContext<DataOptions, ModelOptions>,
): Promise<TrainingSetup<Batch>> {
  const { training: options, random, signal } = context;
  const found = await findSpeech(context, signal, random);
  if (found.problems.some((one) => one.severity === 'error')) throw invalidData(found.problems);
  const { units } = context.model;
  const speech = units === 'phonemes' ? await inPhonemes(context, found) : found;
  const hearing = await hearingOf(context, speech);
  const recordings = speech.training.map((utterance, i) => ({ utterance, frames: hearing.training[i] }));
  const labels = [nothing, ...alphabetOf([...speech.training, ...speech.validation])];
  const classesOf = classifier(labels);
  const { prior, words, files } = await priorsOf(context, speech.training);
  const decoding: SpeechDecoding = { labels, prior, words, units, ...context.model.prior };
  const model = buildModel(context.model, hearing, labels.length);
  const score = (frames: tf.Tensor3D, training: boolean): tf.Tensor3D =>
    model.apply(frames, { training }) as tf.Tensor3D;

  const drawn = (index: number, from: Random): Example[] => {
    const { utterance, frames } = recordings[index] ?? {};
    if (utterance === undefined || frames === undefined) return [];
    const classes = classesOf(utterance.units);
    const example = { data: hearing.changed(frames, from), classes };
    return [fits(example, hearing) ? example : { data: hearing.plain(frames), classes }];
  };
  const measured = speech.validation.flatMap((utterance, i) => {
    const frames = hearing.validation[i];
    return frames === undefined ? [] : [{ utterance, frames }];
  });
  const listen = (some: typeof measured, stop: AbortSignal): Promise<{ heard: Heard[]; loss: number }> =>
    listenTo(
      some.map(({ utterance, frames }) => ({ utterance, data: hearing.plain(frames) })),
      { score, decoding, classesOf, shape: hearing, stop },
    );

  return {
    model,
    stepsPerEpoch: stepsOf(recordings.length, options.batchSize),
    *trainBatches(_epoch, from) {
      const lengths = hearing.training.map((one) => one.frames);
      for (const indices of batchesByLength(lengths, options.batchSize, from)) {
        yield toBatch(
          indices.flatMap((index) => drawn(index, from)),
          hearing,
        );
      }
    },
    loss: ({ frames, labels: texts, lengths }) => ({
      loss: ctcTensorLoss(score(frames, true), texts, { frameLengths: lengths }),
      examples: texts.length,
    }),
    evaluate: async (stop) => {
      const { heard, loss } = await listen(measured, stop);
      return evaluationOf(heard, loss, { units, prior: prior !== undefined });
    },
    samples: async (stop) => {
      const { heard } = await listen(measured.slice(0, mostSamples), stop);
      return heard.map(({ utterance, text }) => ({
        audioPath: utterance.audioPath,
        truth: utterance.transcript,
        predicted: text,
      }));
    },
    metadata: () => ({
      labels,
      preprocessing: hearing.preprocessing({
        units,
        prior: prior !== undefined,
        words: words !== undefined,
        decoding: decodingOf(context.model),
      }),
      dataHash: speech.hash,
    }),
    files: () => ({
      'runtime.mjs': runtimeFile('speech-recognition'),
      ...files,
    }),
  };
}

function stepsOf(examples: number, batchSize: number): number {
  return Math.ceil(examples / batchSize);
}

function decodingOf({ prior: { width, weight, perCharacter, known } }: ModelOptions) {
  return { width, weight, perCharacter, known };
}

/** In code point order: the same on every machine. */
function alphabetOf(utterances: readonly Utterance[]): string[] {
  return [...new Set(utterances.flatMap((one) => one.units))].sort();
}

function classifier(labels: readonly string[]): (units: readonly string[]) => Int32Array {
  const places = new Map(labels.map((label, i) => [label, i]));
  return (units) => Int32Array.from(units, (unit) => places.get(unit) ?? 0);
}

interface Listening {
  readonly score: (frames: tf.Tensor3D, training: boolean) => tf.Tensor3D;
  readonly decoding: SpeechDecoding;
  readonly classesOf: (units: readonly string[]) => Int32Array;
  readonly shape: FrameShape;
  readonly stop: AbortSignal;
}

/** What the model hears, in the order of the recordings, and the mean loss. */
async function listenTo(
  recordings: readonly { readonly utterance: Utterance; readonly data: Float32Array }[],
  { score, decoding, classesOf, shape, stop }: Listening,
): Promise<{ heard: Heard[]; loss: number }> {
  const order = [...recordings].sort((a, b) => a.data.length - b.data.length);
  const heard = new Map<Utterance, Heard>();
  const classes = decoding.labels.length;
  let loss = 0;
  for (let from = 0; from < order.length; from += evaluationBatch) {
    const part = order.slice(from, from + evaluationBatch);
    const batch = toBatch(
      part.map(({ utterance, data }) => ({ data, classes: classesOf(utterance.units) })),
      shape,
    );
    const [scores, mean] = tf.tidy(() => {
      const answer = score(batch.frames, false);
      return [answer, ctcTensorLoss(answer, batch.labels, { frameLengths: batch.lengths })] as const;
    });
    const values = await scores.data<'float32'>();
    loss += ((await mean.data())[0] ?? NaN) * part.length;
    const frames = scores.shape[1];
    tf.dispose([scores, mean, batch.frames]);
    for (const [i, { utterance }] of part.entries()) {
      const length = batch.lengths[i] ?? 0;
      const own = values.subarray(i * frames * classes, (i * frames + length) * classes);
      const plain = textOfClasses(greedyDecode(own, length, classes), decoding);
      const text = textOfClasses(decodeClasses(own, length, decoding), decoding);
      const spelt =
        decoding.words === undefined
          ? undefined
          : textOfClasses(decodeClasses(own, length, { ...decoding, words: undefined }), decoding);
      heard.set(utterance, { utterance, text, plain, spelt });
      await breathe();
      stop.throwIfAborted();
    }
  }
  return {
    heard: recordings.flatMap(({ utterance }) => heard.get(utterance) ?? []),
    loss: loss / Math.max(1, order.length),
  };
}
