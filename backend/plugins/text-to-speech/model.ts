import {
  input,
  layers,
  model as modelOf,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { ConvBlock, Presence, registerBlocks } from '../../../ml/layers/blocks';
import { FramePresence, registerFrameBlocks } from '../../../ml/layers/frameBlocks';
import { Detach, registerVoiceBlocks } from '../../../ml/layers/voiceBlocks';
import { placeWidth } from '../../../ml/voice/frames';
import type { ModelOptions } from './config';

/**
 * Two networks in one model, so that one file holds them.
 * The first: ids of sounds `[batch, sounds]` → what is known of each `[batch, sounds, channels + mels]`, whose last `mels`
 * numbers are the mean of its frames, the logarithm of its length in frames `[batch, sounds, 1]`, and, for training only, the
 * mean of its frames whatever stands beside it `[batch, sounds, mels]`.
 * The second: for each frame what is known of its sound and where in it the frame lies
 * `[batch, frames, channels + mels + places]` → normalised log-mels `[batch, frames, mels]`.
 */
export function buildModel(options: ModelOptions, symbols: number): LayersModel {
  registerBlocks();
  registerFrameBlocks();
  registerVoiceBlocks();
  const { ids, encoded, lengths, alone } = encoder(options, symbols);
  const { frames, mels } = decoder(options);
  return modelOf({ inputs: [ids, frames], outputs: [encoded, lengths, mels, alone] });
}

function encoder({ encoderChannels, encoderConvolutions, kernelSize, mels }: ModelOptions, symbols: number) {
  const ids = input({ shape: [null], dtype: 'int32', name: 'ids' });
  const presence = new Presence({ name: 'presence' }).apply(ids) as SymbolicTensor;
  const embedding = layers.embedding({ inputDim: symbols + 1, outputDim: encoderChannels, name: 'symbols' });
  let x = embedding.apply(ids) as SymbolicTensor;
  const alone = layers.dense({ units: mels, name: 'alone' }).apply(x) as SymbolicTensor;
  // No dropout here: it would lengthen what the trained voice says.
  const block = (name: string, size: number, given: SymbolicTensor): SymbolicTensor =>
    new ConvBlock({ kernelSize: size, rate: 0, name }).apply([given, presence]) as SymbolicTensor;
  for (let i = 1; i <= encoderConvolutions; i++) x = block(`encoder_${i}`, kernelSize, x);
  const means = layers.dense({ units: mels, name: 'means' }).apply(x) as SymbolicTensor;
  const encoded = layers.concatenate({ name: 'encoded' }).apply([x, means]) as SymbolicTensor;
  let y = new Detach({ name: 'detach' }).apply(x) as SymbolicTensor;
  for (const i of [1, 2]) y = block(`length_${i}`, 3, y);
  const lengths = layers.dense({ units: 1, name: 'lengths' }).apply(y) as SymbolicTensor;
  return { ids, encoded, lengths, alone };
}

function decoder(options: ModelOptions) {
  const { encoderChannels, decoderChannels, decoderConvolutions, kernelSize, dropout: rate, mels } = options;
  const frames = input({ shape: [null, encoderChannels + mels + placeWidth], name: 'frames' });
  const presence = new FramePresence({ name: 'frame_presence' }).apply(frames) as SymbolicTensor;
  let x = layers.dense({ units: decoderChannels, name: 'first' }).apply(frames) as SymbolicTensor;
  for (let i = 1; i <= decoderConvolutions; i++) {
    x = new ConvBlock({ kernelSize, rate, name: `decoder_${i}` }).apply([x, presence]) as SymbolicTensor;
  }
  return { frames, mels: layers.dense({ units: mels, name: 'mels' }).apply(x) as SymbolicTensor };
}
