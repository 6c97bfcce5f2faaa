import * as tf from '@tensorflow/tfjs-core';
import { restoreMels, voiceFeatureOptions } from '../../../ml/voice/features';
import { durationsOf } from '../../../ml/voice/frames';
import { Symbols } from '../../../ml/voice/symbols';
import { breathe } from '../../sdk/breathe';
import { invalidData } from '../../sdk/errors';
import { batchesByLength } from '../../sdk/lengthBatches';
import { runtimeFile } from '../../sdk/runtimeFile';
import { problem, type PrepareContext, type TrainingSetup } from '../../sdk/trainingTask';
import { toBatch, type Batch, type Utterance } from './batches';
import type { DataOptions, ModelOptions } from './config';
import { findVoice } from './data';
import { evaluationOf, type MeanLosses, type Spoken } from './evaluate';
import { buildModel } from './model';
import { VoiceNetwork } from './network';
import { pronouncingOf } from './pronouncing';
import { alphabetOf, bandFigures, hearAll, utterancesOf } from './utterances';
import { say } from './words';

const evaluationBatch = 16;
/** Utterances that the pace is taken from. */
const paced = 64;

export async function prepare(
  context: PrepareContext<DataOptions, ModelOptions>,
): Promise<TrainingSetup<Batch>> {
  const { data, model: options, training, random, signal, resolve } = context;
  const voice = await findVoice(context, signal, random);
  if (voice.problems.some((one) => one.severity === 'error')) throw invalidData(voice.problems);
  const { reading } = voice;
  const { mels, sampleRate } = options;
  const features = voiceFeatureOptions(sampleRate, mels);
  const frameSeconds = features.hop / sampleRate;
  const pronouncing = await pronouncingOf(
    reading,
    voice.lexicon,
    data.pronouncer === undefined ? undefined : resolve(data.pronouncer),
  );
  const reader = { reading, pronounce: pronouncing.pronounce, features };
  const heard = await hearAll(voice.training, reader, signal);
  const held = await hearAll(voice.validation, reader, signal);
  pronouncing.dispose();
  const figures = bandFigures(heard, mels);
  const labels = alphabetOf(heard);
  const symbols = new Symbols(labels);
  const utterances = utterancesOf(heard, symbols, figures);
  const validation = utterancesOf(held, symbols, figures);
  if (utterances.length === 0 || validation.length === 0) throw invalidData([nothingLeft()]);
  const model = buildModel(options, labels.length);
  const network = new VoiceNetwork(model, mels);
  let pace = 1;

  return {
    model,
    stepsPerEpoch: Math.ceil(utterances.length / training.batchSize),
    *trainBatches(_epoch, from) {
      const lengths = utterances.map(({ frames }) => frames);
      for (const indices of batchesByLength(lengths, training.batchSize, from))
        yield toBatch(
          indices.flatMap((i) => utterances[i] ?? []),
          mels,
        );
    },
    loss: (batch) => {
      const { losses } = network.foretell(batch, true);
      const { total, mel, duration, prior } = losses;
      return {
        loss: total,
        metrics: { mel_loss: mel, duration_loss: duration, prior_loss: prior },
        examples: batch.tokens.length,
      };
    },
    evaluate: async (stop) => {
      pace = await paceOf(network, utterances.slice(0, paced), mels, stop);
      const { spoken, losses } = await speakAll(network, validation, { mels, pace, figures, stop });
      return evaluationOf(spoken, losses, { mels, frameSeconds });
    },
    metadata: () => ({
      labels,
      preprocessing: {
        kind: 'voice',
        reading,
        lexicon: pronouncing.lexicon,
        pronouncer: pronouncing.pronouncer,
        ...features,
        ...figures,
        pace,
      },
      dataHash: voice.hash,
    }),
    files: () => ({ ...pronouncing.files, 'runtime.mjs': runtimeFile('text-to-speech') }),
  };
}

const nothingLeft = () =>
  problem(
    '/data/path',
    say`Of the recordings none is left that is not silent, can be pronounced, and is as long as its text needs.`,
  );

/** What foretold lengths are multiplied by to last as long as the recordings: means of logarithms are too short. */
async function paceOf(
  network: VoiceNetwork,
  utterances: readonly Utterance[],
  mels: number,
  stop: AbortSignal,
): Promise<number> {
  let [truth, foretold] = [0, 0];
  for (const part of inParts(utterances)) {
    const batch = toBatch(part, mels);
    const lengths = tf.tidy(() => network.encode(batch.ids, false)[1]);
    const values = await lengths.data<'float32'>();
    const sounds = lengths.shape[1];
    part.forEach(({ ids, frames }, i) => {
      truth += frames;
      for (let n = 0; n < ids.length; n++) foretold += Math.exp(values[i * sounds + n] ?? 0);
    });
    tf.dispose([batch, lengths]);
    await breathe();
    stop.throwIfAborted();
  }
  return Math.min(10, Math.max(0.1, truth / Math.max(1e-6, foretold)));
}

interface Speaking {
  readonly mels: number;
  readonly pace: number;
  readonly figures: { readonly mean: readonly number[]; readonly deviation: readonly number[] };
  readonly stop: AbortSignal;
}

/** What the voice says of each, and the mean losses with the true lengths. */
async function speakAll(
  network: VoiceNetwork,
  utterances: readonly Utterance[],
  { mels, pace, figures, stop }: Speaking,
): Promise<{ spoken: Spoken[]; losses: MeanLosses }> {
  const spoken: Spoken[] = [];
  const sums = { total: 0, mel: 0, duration: 0 };
  const plain = (normal: Float32Array): Float32Array => {
    const copy = normal.slice();
    restoreMels(copy, figures.mean, figures.deviation);
    return copy;
  };
  for (const part of inParts([...utterances].sort((a, b) => a.frames - b.frames))) {
    const batch = toBatch(part, mels);
    let durations: readonly Int32Array[] = [];
    const [losses, logDurations] = tf.tidy(() => {
      const foretold = network.foretell(batch, false);
      durations = foretold.durations;
      const { total, mel, duration } = foretold.losses;
      return [tf.stack([total, mel, duration]), foretold.logDurations] as const;
    });
    const lengths = await logDurations.data<'float32'>();
    const sounds = logDurations.shape[1];
    const [total = NaN, mel = NaN, duration = NaN] = await losses.data<'float32'>();
    sums.total += total * part.length;
    sums.mel += mel * part.length;
    sums.duration += duration * part.length;
    const own = part.map(({ ids }, i) =>
      durationsOf(lengths.subarray(i * sounds, i * sounds + ids.length), pace),
    );
    const sound = tf.tidy(() => network.decode(network.encode(batch.ids, false)[0], own, false));
    const values = await sound.data<'float32'>();
    const stride = sound.shape[1] * mels;
    part.forEach((utterance, i) => {
      const [mine = new Int32Array(), best = new Int32Array()] = [own[i], durations[i]];
      const frames = mine.reduce((sum, each) => sum + each, 0);
      const off = mine.reduce((sum, each, n) => sum + Math.abs(each - (best[n] ?? 0)), 0);
      spoken.push({
        utterance,
        own: plain(values.subarray(i * stride, i * stride + frames * mels)),
        truth: plain(utterance.mels),
        durationError: off / Math.max(1, mine.length),
      });
    });
    tf.dispose([batch, logDurations, sound, losses]);
    await breathe();
    stop.throwIfAborted();
  }
  const count = Math.max(1, utterances.length);
  return {
    spoken,
    losses: { total: sums.total / count, mel: sums.mel / count, duration: sums.duration / count },
  };
}

function* inParts(utterances: readonly Utterance[]): Generator<readonly Utterance[]> {
  for (let from = 0; from < utterances.length; from += evaluationBatch)
    yield utterances.slice(from, from + evaluationBatch);
}
