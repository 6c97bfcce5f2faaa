/** Speaks with a trained `text-to-speech` model, a sentence at a time. */
import * as tf from '@tensorflow/tfjs-core';
import { model as modelOf, type LayersModel } from '@tensorflow/tfjs-layers';
import * as z from 'zod';
import { phonemizeText } from '../g2p/phonemize';
import { MlError } from '../errors';
import { seededRandom } from '../generation/random';
import type { PublishedVoice } from '../published/voice';
import { checkedParameters, type Work } from '../published/work';
import { splitSentences } from '../text/sentences';
import { MelSpeaker, restoreMels } from '../voice/features';
import { durationsOf, placeWidth, writePath, writePlaces } from '../voice/frames';
import { pronounceBy } from '../voice/lexicon';
import { symbolsOf, unitsOf, type Pronounce, type Unit } from '../voice/reading';
import { Symbols } from '../voice/symbols';
import type { Frames } from '../dsp/stft';
import type { TrainedModel } from './load';
import type { VoicePreprocessing } from './metadata';

const parametersOf = z.object({
  /** Above 1 is faster. */
  speakingRate: z.number().positive().max(20).optional(),
  /** The same text sounds the same for the same seed, here 0 where none is given. A voice with a vocoder has no use for it. */
  seed: z.number().int().optional(),
  /** False gives a Persian voice the text as it is; otherwise numbers, signs and Latin words are put into words first. */
  verbalize: z.boolean().optional(),
});

/** Words said in one go: longer sentences are cut. */
const mostUnits = 60;
/** Seconds between two sentences. */
const breath = 0.25;

/** A voice, and what of the last text it could not say. */
export interface TrainedVoice extends PublishedVoice {
  /** Words, and letters or phonemes, that were left out since `speak` was last called. */
  readonly unspoken: () => readonly string[];
}

export interface SpokenMels extends Frames {
  /** Frames of each symbol. */
  readonly durations: Int32Array;
}

/** The two networks of a voice by themselves, and the way from ids to log-mels. */
export class VoiceModel {
  private readonly encoder: LayersModel;
  private readonly decoder: LayersModel;

  constructor(
    model: LayersModel,
    private readonly options: VoicePreprocessing,
  ) {
    const [ids, frames] = model.inputs;
    const [encoded, lengths, sound] = model.outputs;
    if (!ids || !frames || !encoded || !lengths || !sound) {
      throw new MlError('model.corrupt', 'The model has not the two networks of a voice.');
    }
    this.encoder = modelOf({ inputs: ids, outputs: [encoded, lengths] });
    this.decoder = modelOf({ inputs: frames, outputs: sound });
  }

  /** @param ids of symbols, from 1 */
  async mels(ids: readonly number[], speakingRate = 1): Promise<SpokenMels> {
    const { mels, mean, deviation, pace } = this.options;
    const [encoded, lengths] = tf.tidy(() => {
      const answer = this.encoder.predict(tf.tensor2d([...ids], [1, ids.length], 'int32'));
      return answer as [tf.Tensor3D, tf.Tensor3D];
    });
    try {
      const durations = durationsOf(await lengths.data<'float32'>(), pace / speakingRate);
      const sound = tf.tidy(() => this.decoder.predict(laidOut(encoded, durations)) as tf.Tensor3D);
      const data = (await sound.data<'float32'>()).slice();
      sound.dispose();
      restoreMels(data, mean, deviation);
      return { frames: data.length / mels, width: mels, data, durations };
    } finally {
      tf.dispose([encoded, lengths]);
    }
  }
}

/** What is known of each frame, `[1, frames, width]`. */
function laidOut(encoded: tf.Tensor3D, durations: Int32Array): tf.Tensor3D {
  const sounds = durations.length;
  const frames = durations.reduce((sum, each) => sum + each, 0);
  const path = new Float32Array(frames * sounds);
  const places = new Float32Array(frames * placeWidth);
  writePath(durations, path, { stride: sounds, offset: 0 });
  writePlaces(durations, places, 0);
  const known: tf.Tensor3D = tf.matMul(tf.tensor3d(path, [1, frames, sounds]), encoded);
  return tf.concat3d([known, tf.tensor3d(places, [1, frames, placeWidth])], 2);
}

/** How a voice's words are said. */
export function pronounceOf({ lexicon, pronouncer }: TrainedModel): Pronounce {
  const others: Pronounce | undefined =
    pronouncer === undefined
      ? undefined
      : async (words) => (await phonemizeText(pronouncer, words)).map(({ phonemes }) => phonemes);
  return pronounceBy(lexicon, others);
}

/** Throws `model.unsupported` for a model of something else. The caller disposes `trained`. */
export function voiceOf(trained: TrainedModel): TrainedVoice {
  const { preprocessing, labels, name } = trained.metadata;
  if (preprocessing.kind !== 'voice') {
    throw new MlError('model.unsupported', `"${name}" takes ${preprocessing.kind}, not a text to speak.`);
  }
  const { reading, sampleRate } = preprocessing;
  const voice = new VoiceModel(trained.model, preprocessing);
  const { vocoder } = trained;
  let inverted: MelSpeaker | undefined;
  const speaker = (): MelSpeaker => (inverted ??= new MelSpeaker(preprocessing));
  const symbols = new Symbols(labels);
  const pronounce = pronounceOf(trained);
  let unspoken: string[] = [];

  async function* speak(
    text: string,
    parameters?: unknown,
    { signal, turn }: Work = {},
  ): AsyncGenerator<Float32Array, void, void> {
    const { speakingRate, seed, verbalize = true } = checkedParameters(parametersOf, parameters);
    const random = seededRandom(seed ?? 0);
    const missing = new Set<string>();
    for (const letter of foreignLetters(text, reading.persian && verbalize)) missing.add(letter);
    unspoken = [...missing];
    let said = 0;
    for (const units of utterancesOf(text, (part) => unitsOf(part, reading, verbalize))) {
      signal?.throwIfAborted();
      const read = await symbolsOf(units, reading, pronounce);
      const { ids, unknown } = symbols.encode(read.symbols);
      for (const one of [...read.unspoken, ...unknown]) missing.add(one);
      unspoken = [...missing];
      // The two ends alone say nothing.
      if (ids.length <= 2) continue;
      if (said++ > 0) yield new Float32Array(Math.round((breath * sampleRate) / (speakingRate ?? 1)));
      const mels = await voice.mels(ids, speakingRate);
      await turn?.();
      signal?.throwIfAborted();
      if (vocoder === undefined) yield speaker().speak(mels, random);
      else
        for await (const piece of vocoder.speak(mels, signal)) {
          yield piece;
          await turn?.();
        }
      await turn?.();
    }
    if (said > 0) return;
    const reason =
      unspoken.length === 0 ? 'The text has no words.' : `The voice knows none of: ${unspoken.join(' ')}.`;
    throw new MlError('input.invalid', `There is nothing to speak. ${reason}`);
  }

  return {
    does: 'speak',
    task: 'text-to-speech',
    sampleRate,
    speakers: 1,
    speak,
    unspoken: () => unspoken,
    dispose: () => undefined,
  };
}

/** Letters of scripts that putting a text into Persian words leaves out. */
function foreignLetters(text: string, persian: boolean): string[] {
  const letters = persian ? (text.match(/\p{L}/gu) ?? []) : [];
  return letters.filter((letter) => !/[\p{Script=Arabic}\p{Script=Latin}\p{Script=Greek}]/u.test(letter));
}

/** A text's sentences, none of them longer than a voice can say in one go. */
function* utterancesOf(text: string, read: (part: string) => Unit[]): Generator<Unit[]> {
  for (const sentence of splitSentences(text)) {
    const units = read(sentence);
    for (let from = 0; from < units.length; from += mostUnits) yield units.slice(from, from + mostUnits);
  }
}
