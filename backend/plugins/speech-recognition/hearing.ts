/** How the recogniser hears: log-mel frames, which are changed anew in each epoch, or a downloaded encoder, which stays as it is. */
import path from 'node:path';
import type { Preprocessing } from '../../../ml/trained/metadata';
import { featuresEar, normalizeUtterance, speechFeatureOptions } from '../../../ml/speech/features';
import { encoderFacts, openEncoder } from '../../sdk/encoder';
import { invalidData } from '../../sdk/errors';
import type { Random } from '../../sdk/random';
import { problem, type PrepareContext } from '../../sdk/trainingTask';
import { Augmenter, maskFrames } from './augment';
import type { DataOptions, ModelOptions } from './config';
import type { Speech, Utterance } from './data';
import { deviationsOf, hearAll, hearFile, type PackedFrames } from './features';
import { cached, forgetOld } from './frameCache';
import { foldOf } from './frames';
import { encoderProblem } from './encoder';

type Context = PrepareContext<DataOptions, ModelOptions>;
type Heard = Extract<Preprocessing, { kind: 'speech' | 'encodedSpeech' }>;
/** What is the same whatever hears. */
export type Decoding = Pick<Heard, 'prior' | 'words' | 'decoding' | 'units'>;

export interface Hearing {
  /** Numbers of a frame. */
  readonly width: number;
  /** Frames that make one of the model's. */
  readonly fold: number;
  readonly training: readonly PackedFrames[];
  readonly validation: readonly PackedFrames[];
  /** Normalised, as the model takes them; a copy. */
  plain(frames: PackedFrames): Float32Array;
  /** The same of a training recording, changed as another speaker or room would; perhaps of another number of frames. */
  changed(frames: PackedFrames, random: Random): Float32Array;
  preprocessing(decoding: Decoding): Heard;
}

export function hearingOf(context: Context, speech: Speech): Promise<Hearing> {
  const { encoder } = context.model;
  return encoder === undefined ? melHearing(context, speech) : encodedHearing(context, speech, encoder);
}

async function melHearing({ data, model, random, signal }: Context, speech: Speech): Promise<Hearing> {
  const { mels, sampleRate } = model;
  const options = speechFeatureOptions(sampleRate, mels);
  const ear = featuresEar(options);
  const hear = (one: Utterance): Promise<PackedFrames> => hearFile(one.audioPath, ear);
  const training = await hearAll(speech.training, hear, signal);
  const validation = await hearAll(speech.validation, hear, signal);
  // A band that never changes carries nothing: a divisor of at least 0.1 keeps it quiet.
  const deviation = deviationsOf(training, mels).map((one) => Math.max(0.1, one));
  const augmenter = new Augmenter(data.augmentation, options, training, random);
  const fold = foldOf(model);
  return {
    ...{ width: mels, fold, training, validation },
    plain: (frames) => normalized(frames.unpack(), deviation),
    changed: (frames, from) => {
      const changed = normalized(augmenter.apply(frames.unpack(), from), deviation);
      maskFrames(changed, mels, data.augmentation.masks, from);
      return changed;
    },
    preprocessing: (decoding) => ({ kind: 'speech', ...options, deviation, fold, ...decoding }),
  };
}

async function encodedHearing(context: Context, speech: Speech, given: string): Promise<Hearing> {
  const { data, model, resolve, signal, cachePath, outputPath } = context;
  const folder = resolve(given);
  const facts = await encoderFacts(folder);
  if (facts === undefined) throw invalidData([problem('/model/encoder', encoderProblem(given))]);
  await forgetOld(cachePath);
  const encoder = await openEncoder(folder);
  const hear = ({ audioPath }: Utterance): Promise<PackedFrames> =>
    cached(cachePath, facts.fingerprint, audioPath, () => hearFile(audioPath, encoder));
  const { sampleRate, width } = encoder;
  try {
    const training = await hearAll(speech.training, hear, signal);
    const validation = await hearAll(speech.validation, hear, signal);
    const deviation = deviationsOf(training, width).map((one) => Math.max(1e-4, one));
    const relative = path
      .relative(outputPath ?? folder, folder)
      .split(path.sep)
      .join('/');
    const place = { path: relative === '' ? '.' : relative, ...facts };
    const fold = foldOf(model);
    return {
      ...{ width, fold, training, validation },
      plain: (frames) => normalized(frames.unpack(), deviation),
      changed: (frames, from) => {
        const changed = normalized(frames.unpack(), deviation);
        maskFrames(changed, width, data.augmentation.masks, from);
        return changed;
      },
      preprocessing: (decoding) => ({
        ...{ kind: 'encodedSpeech', encoder: place, sampleRate, width, deviation, fold },
        ...decoding,
      }),
    };
  } finally {
    encoder.dispose();
  }
}

function normalized(data: Float32Array, deviation: readonly number[]): Float32Array {
  normalizeUtterance(data, deviation);
  return data;
}
