import {
  input,
  layers,
  model as modelOf,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { AttentionBlock, ConvBlock, FastDropout, registerBlocks } from '../../../ml/layers/blocks';
import { Fold, FramePresence, registerFrameBlocks } from '../../../ml/layers/frameBlocks';
import { fold } from './frames';
import type { ModelOptions } from './config';

/** Log-mel frames `[batch, frames, mels]` → CTC scores `[batch, ⌊frames / 2⌋, classes]`, class 0 the blank. */
export function buildModel(options: ModelOptions, classes: number): LayersModel {
  registerBlocks();
  registerFrameBlocks();
  const { channels, kernelSize, dropout: rate, heads } = options;
  const mels = input({ shape: [null, options.mels], name: 'mels' });
  const folded = new Fold({ factor: fold, name: 'fold' }).apply(mels) as SymbolicTensor;
  const presence = new FramePresence({ name: 'presence' }).apply(folded) as SymbolicTensor;
  const first = layers.conv1d({
    filters: channels,
    kernelSize,
    padding: 'same',
    activation: 'relu',
    name: 'first',
  });
  let x = first.apply(folded) as SymbolicTensor;
  for (let i = 1; i <= options.convolutions; i++) {
    x = new ConvBlock({ kernelSize, rate, name: `convolution_${i}` }).apply([x, presence]) as SymbolicTensor;
  }
  for (let i = 1; i <= options.attention; i++) {
    const block = new AttentionBlock({ heads, inner: 2 * channels, rate, name: `attention_${i}` });
    x = block.apply([x, presence]) as SymbolicTensor;
  }
  x = new FastDropout({ rate, name: 'dropout' }).apply(x) as SymbolicTensor;
  const scores = layers.dense({ units: classes, name: 'scores' }).apply(x) as SymbolicTensor;
  return modelOf({ inputs: mels, outputs: scores });
}
