import {
  input,
  layers,
  model as modelOf,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { ConvBlock, Presence, registerBlocks } from '../../../ml/layers/blocks';
import { FramePresence, registerFrameBlocks } from '../../../ml/layers/frameBlocks';
import { AmountBlock, registerVoiceBlocks } from '../../../ml/layers/voiceBlocks';
import { placeWidth } from '../../../ml/voice/frames';
import type { ModelOptions } from './config';

/** Of what foretells the lengths, which a few thousand sounds would be learnt by heart. */
const lengthDropout = 0.4;

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

function encoder(
  { encoderChannels, encoderConvolutions, kernelSize, dropout, mels }: ModelOptions,
  symbols: number,
) {
  const ids = input({ shape: [null], dtype: 'int32', name: 'ids' });
  const presence = new Presence({ name: 'presence' }).apply(ids) as SymbolicTensor;
  const dense = (name: string, units: number, given: SymbolicTensor): SymbolicTensor =>
    layers.dense({ units, name }).apply(given) as SymbolicTensor;
  const embedding = layers.embedding({ inputDim: symbols + 1, outputDim: encoderChannels, name: 'symbols' });
  const sounds = embedding.apply(ids) as SymbolicTensor;
  const alone = dense('alone', mels, sounds);
  let x = sounds;
  for (let i = 1; i <= encoderConvolutions; i++) {
    const block = new ConvBlock({ kernelSize, rate: dropout, name: `encoder_${i}` });
    x = block.apply([x, presence]) as SymbolicTensor;
  }
  const encoded = layers.concatenate({ name: 'encoded' }).apply([x, dense('means', mels, x)]);
  // Lengths depend on the nearest sounds. From all that the encoder knows of a sentence they would be learnt by heart.
  let y = sounds;
  for (const i of [1, 2]) {
    const block = new AmountBlock({ kernelSize: 3, rate: lengthDropout, name: `length_${i}` });
    y = block.apply([y, presence]) as SymbolicTensor;
  }
  return { ids, encoded: encoded as SymbolicTensor, lengths: dense('lengths', 1, y), alone };
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
