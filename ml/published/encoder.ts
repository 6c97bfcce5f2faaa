/** The hearing half of a published recogniser: what its last encoder layer makes of each 20 ms. */
import type * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { whisperLogMel } from '../dsp/logMel';
import type { Frames } from '../dsp/stft';
import { MlError } from '../errors';
import { fieldOf, framesOf, wav2vec2Config } from '../models/wav2vec2/config';
import { Wav2Vec2Encoder } from '../models/wav2vec2/encoder';
import { audioInput, preparedRows } from '../models/wav2vec2/input';
import { positionStep, whisperConfig } from '../models/whisper/config';
import { encode, takeEncoder } from '../models/whisper/encoder';
import { whisperRate } from '../models/whisper/transcribe';
import type { SpeechEncoder } from '../speech/ear';
import type { SourceFolder } from '../weights/byteSource';
import { ModelTensors } from '../weights/modelTensors';
import { openWeights } from '../weights/open';
import { rooted } from '../weights/views';
import { jsonOf } from './files';

const configJson = z.looseObject({ model_type: z.string() });

type Load = (folder: SourceFolder, config: unknown) => Promise<SpeechEncoder>;
const families: Readonly<Record<string, Load>> = { wav2vec2: loadWav2Vec2, whisper: loadWhisper };

/** Model types whose encoders can be loaded. */
export const encoderFamilies: readonly string[] = Object.keys(families);

/** On the engine that is current. Rejects with `model.unsupported`, `model.corrupt` or `model.unsafe`. */
export async function loadSpeechEncoder(folder: SourceFolder): Promise<SpeechEncoder> {
  const config = await jsonOf(folder, 'config.json');
  const family = configJson.safeParse(config).data?.model_type ?? '';
  const load = Object.hasOwn(families, family) ? families[family] : undefined;
  if (load === undefined) {
    const known = encoderFamilies.join(', ');
    throw new MlError('model.unsupported', `The folder's config.json names none of ${known}.`);
  }
  return load(folder, config);
}

async function loadWav2Vec2(folder: SourceFolder, json: unknown): Promise<SpeechEncoder> {
  const config = wav2vec2Config(json);
  const input = audioInput((await jsonOf(folder, 'preprocessor_config.json')) ?? {});
  const encoder = await Wav2Vec2Encoder.load(await openWeights(folder), config);
  const { hop, length: field } = fieldOf(1, config.convs);
  return {
    family: 'wav2vec2',
    sampleRate: input.sampleRate,
    width: config.width,
    hop,
    field,
    hear: async (samples) => {
      if (framesOf(samples.length, config.convs) === 0) throw tooShort();
      return framesFrom(encoder.forward(preparedRows([samples], input).rows));
    },
    dispose: () => {
      encoder.dispose();
    },
  };
}

async function loadWhisper(folder: SourceFolder, json: unknown): Promise<SpeechEncoder> {
  const config = whisperConfig(json);
  const weights = await openWeights(folder);
  const tensors = new ModelTensors(rooted(weights, ['model.', ''], 'encoder.embed_positions.weight'));
  const encoder = await takeEncoder(tensors, config).catch((error: unknown) => {
    tensors.dispose();
    throw error;
  });
  const hop = Math.round(positionStep * whisperRate);
  const longest = config.sourcePositions * hop;
  const hear = async (samples: Float32Array): Promise<Frames> => {
    const mel = whisperLogMel(samples, config.mels, config.sourcePositions * positionStep);
    const all = await framesFrom(encode(encoder, mel, config));
    const frames = Math.min(all.frames, Math.floor(samples.length / hop));
    return { data: all.data.subarray(0, frames * all.width), frames, width: all.width };
  };
  return {
    family: 'whisper',
    sampleRate: whisperRate,
    width: config.width,
    hop,
    field: hop,
    hear: async (samples) => {
      if (samples.length < hop) throw tooShort();
      const parts: Frames[] = [];
      // What is left at the end of a long sound has to have a frame in it.
      for (let at = 0; at + hop <= samples.length; at += longest)
        parts.push(await hear(samples.subarray(at, at + longest)));
      return joined(parts);
    },
    dispose: () => {
      encoder.stack.dispose();
      tensors.dispose();
    },
  };
}

const tooShort = () => new MlError('input.invalid', 'The sound is too short to have speech in it.');

async function framesFrom(hidden: tf.Tensor2D): Promise<Frames> {
  try {
    const [frames, width] = hidden.shape;
    return { data: await hidden.data<'float32'>(), frames, width };
  } finally {
    hidden.dispose();
  }
}

function joined(parts: readonly Frames[]): Frames {
  const [first, ...others] = parts;
  if (first === undefined) throw tooShort();
  if (others.length === 0) return first;
  const { width } = first;
  const frames = parts.reduce((sum, part) => sum + part.frames, 0);
  const data = new Float32Array(frames * width);
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { data, frames, width };
}
