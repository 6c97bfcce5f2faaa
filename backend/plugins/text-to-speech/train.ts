import { Symbols } from '../../../ml/voice/symbols';
import { invalidData } from '../../sdk/errors';
import { batchesByLength } from '../../sdk/lengthBatches';
import { pronouncingOf } from '../../sdk/pronouncing';
import { runtimeFile } from '../../sdk/runtimeFile';
import { problem, type PrepareContext, type TrainingSetup } from '../../sdk/trainingTask';
import { Aloud } from './aloud';
import { toBatch, type Batch } from './batches';
import type { DataOptions, ModelOptions } from './config';
import { findVoice } from './data';
import { evaluationOf } from './evaluate';
import { openOldVoice } from './goingOn';
import { buildModel } from './model';
import { VoiceNetwork } from './network';
import { openRecogniser } from './recogniser';
import { Painter } from './pictures';
import { paceOf, speakAll } from './speaking';
import { alphabetOf, bandFigures, hearAll, utterancesOf } from './utterances';
import { waveformOf } from './waveform';
import { say } from './words';

/** Spoken after an epoch, for people to listen to: always the same ones. */
const sentences = 5;
/** Utterances that the pace is taken from. */
const paced = 64;

export async function prepare(
  context: PrepareContext<DataOptions, ModelOptions>,
): Promise<TrainingSetup<Batch>> {
  const { data, model: options, training, random, signal, resolve } = context;
  const voice = await findVoice(context, signal, random);
  if (voice.problems.some((one) => one.severity === 'error')) throw invalidData(voice.problems);
  const { reading } = voice;
  const { features } = voice;
  const { mels } = features;
  const frameSeconds = features.hop / features.sampleRate;
  const pronouncer = data.pronouncer === undefined ? undefined : resolve(data.pronouncer);
  const pronouncing = await pronouncingOf(reading, voice.lexicon, pronouncer);
  const reader = { reading, pronounce: pronouncing.pronounce, features };
  const heard = await hearAll(voice.training, reader, signal);
  const held = await hearAll(voice.validation, reader, signal);
  pronouncing.dispose();
  const old = options.from === undefined ? undefined : await openOldVoice(resolve(options.from), features);
  const figures = old?.figures ?? bandFigures(heard, mels);
  const labels = alphabetOf(heard);
  const symbols = new Symbols(labels);
  const utterances = utterancesOf(heard, symbols, figures);
  const validation = utterancesOf(held, symbols, figures);
  if (utterances.length === 0 || validation.length === 0) throw invalidData([nothingLeft()]);
  const model = buildModel({ ...options, mels }, labels.length);
  old?.lend(model, labels);
  old?.dispose();
  const network = new VoiceNetwork(model, mels);
  const recogniser =
    data.recogniser === undefined
      ? undefined
      : await openRecogniser(resolve(data.recogniser), {
          persian: reading.persian,
          lexicon: voice.lexicon,
          pronouncer,
        });
  const waveform = await waveformOf(features, options.vocoder, resolve);
  const painter = new Painter(network, labels, features);
  const aloud = new Aloud(validation.slice(0, sentences), features, waveform, recogniser, painter);
  let pace = 1;

  return {
    model,
    stepsPerEpoch: Math.ceil(utterances.length / training.batchSize),
    *trainBatches(epoch, from) {
      // A voice that is trained already knows its way.
      if (old === undefined) network.beginEpoch(epoch);
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
      aloud.take(spoken);
      return evaluationOf(
        spoken,
        losses,
        { mels, frameSeconds, floor: features.floor },
        await aloud.readBack(stop),
      );
    },
    samples: (stop) => aloud.samples(stop),
    samplesAtCheckpoints: true,
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
        ...(options.vocoder === undefined ? {} : { vocoder: true }),
      },
      dataHash: voice.hash,
    }),
    files: () => ({ ...pronouncing.files, ...waveform.files, 'runtime.mjs': runtimeFile('text-to-speech') }),
    dispose: () => {
      recogniser?.dispose();
      waveform.dispose();
    },
  };
}

const nothingLeft = () =>
  problem(
    '/data/path',
    say`Of the recordings none is left that is not silent, can be pronounced, and is as long as its text needs.`,
  );
