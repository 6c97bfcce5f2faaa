import {
  input,
  layers,
  model as modelOf,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { AttentionBlock, ConvBlock, FastDropout, registerBlocks } from '../../../ml/layers/blocks';
import { Fold, FramePresence, registerFrameBlocks } from '../../../ml/layers/frameBlocks';
import type { FrameShape } from './batches';
import { convolutionsOf, type ModelOptions } from './config';

/** Frames `[batch, frames, width]` → CTC scores `[batch, ⌊frames / fold⌋, classes]`, class 0 the blank. */
export function buildModel(options: ModelOptions, { width, fold }: FrameShape, classes: number): LayersModel {
  registerBlocks();
  registerFrameBlocks();
  const { channels, kernelSize, dropout: rate, heads } = options;
  const frames = input({ shape: [null, width], name: 'frames' });
  const folded = new Fold({ factor: fold, name: 'fold' }).apply(frames) as SymbolicTensor;
  const presence = new FramePresence({ name: 'presence' }).apply(folded) as SymbolicTensor;
  const first = layers.conv1d({
    filters: channels,
    kernelSize,
    padding: 'same',
    activation: 'relu',
    name: 'first',
  });
  let x = first.apply(folded) as SymbolicTensor;
  for (let i = 1; i <= convolutionsOf(options); i++) {
    x = new ConvBlock({ kernelSize, rate, name: `convolution_${i}` }).apply([x, presence]) as SymbolicTensor;
  }
  for (let i = 1; i <= options.attention; i++) {
    const block = new AttentionBlock({ heads, inner: 2 * channels, rate, name: `attention_${i}` });
    x = block.apply([x, presence]) as SymbolicTensor;
  }
  x = new FastDropout({ rate, name: 'dropout' }).apply(x) as SymbolicTensor;
  const scores = layers.dense({ units: classes, name: 'scores' }).apply(x) as SymbolicTensor;
  return modelOf({ inputs: frames, outputs: scores });
}
