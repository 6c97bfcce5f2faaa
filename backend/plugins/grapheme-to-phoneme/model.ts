import { input, layers, model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import {
  AttentionBlock,
  ConvBlock,
  FastDropout,
  Presence,
  registerBlocks,
  Unfold,
} from '../../../ml/layers/blocks';
import type { ModelOptions } from './config';

/**
 * Letters to CTC scores: embedding → convolutions → attention → several frames a letter. Ids `[batch, length]`, 0 for
 * padding → unnormalised scores `[batch, upsampling · length, classes]`, class 0 the blank.
 */
export function buildModel(options: ModelOptions, letters: number, classes: number): LayersModel {
  registerBlocks();
  const { channels, kernelSize, dropout: rate, heads, inner, upsampling } = options;
  const ids = input({ shape: [null], dtype: 'int32', name: 'letters' });
  const presence = new Presence({ name: 'presence' }).apply(ids) as SymbolicTensor;
  let x = layers
    .embedding({ inputDim: letters + 1, outputDim: channels, name: 'embedding' })
    .apply(ids) as SymbolicTensor;
  const drop = (name: string, y: SymbolicTensor) =>
    new FastDropout({ rate, name }).apply(y) as SymbolicTensor;
  x = drop('embedding_dropout', x);
  for (let i = 1; i <= options.convolutions; i++) {
    x = new ConvBlock({ kernelSize, rate, name: `convolution_${i}` }).apply([x, presence]) as SymbolicTensor;
  }
  for (let i = 1; i <= options.attention; i++) {
    const block = new AttentionBlock({ heads, inner, rate, name: `attention_${i}` });
    x = block.apply([x, presence]) as SymbolicTensor;
  }
  x = layers
    .dense({ units: channels * upsampling, activation: 'relu', name: 'frames' })
    .apply(x) as SymbolicTensor;
  x = new Unfold({ factor: upsampling, name: 'unfold' }).apply(x) as SymbolicTensor;
  x = drop('frames_dropout', x);
  const scores = layers.dense({ units: classes, name: 'scores' }).apply(x) as SymbolicTensor;
  return model({ inputs: ids, outputs: scores });
}
