import {
  initializers,
  input,
  layers,
  model,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import type { Random } from '../../sdk/random';
import type { ModelOptions } from './config';

export interface ModelShape {
  readonly frames: number;
  readonly mels: number;
  readonly labels: number;
}

/**
 * A depthwise-separable CNN for keywords (Zhang et al. 2017, "Hello Edge", DS-CNN): `[frames, mels, 1]` → one
 * probability for each label. Standard layers only, so that `tf.loadLayersModel` needs nothing of ours. Unlike there,
 * no norm or activation stands between depthwise and pointwise (as in Xception): on a CPU they cost more than both.
 */
export function buildModel(options: ModelOptions, shape: ModelShape, random: Random): LayersModel {
  const init = () => initializers.heNormal({ seed: random.int(2 ** 31) });
  const activated = (x: SymbolicTensor) => {
    // 0.9, not Keras's 0.99: the running figures must settle within the few steps of a small set.
    const normal = layers.batchNormalization({ momentum: 0.9 }).apply(x) as SymbolicTensor;
    return layers.reLU().apply(normal) as SymbolicTensor;
  };
  const convolution = (kernelSize: [number, number], strides: [number, number]) =>
    layers.conv2d({
      filters: options.filters,
      kernelSize,
      strides,
      padding: 'same',
      useBias: false,
      kernelInitializer: init(),
    });
  const depthwise = (strides: number) =>
    layers.depthwiseConv2d({
      kernelSize: 3,
      strides,
      padding: 'same',
      useBias: false,
      depthwiseInitializer: init(),
    });

  const spectrum = input({ shape: [shape.frames, shape.mels, 1] });
  let x = activated(convolution([10, 4], [2, 2]).apply(spectrum) as SymbolicTensor);
  for (let block = 0; block < options.blocks; block++) {
    // Every second block halves time and pitch, as long as there is something to halve.
    const halves = block % 2 === 0 && Math.min(x.shape[1] ?? 0, x.shape[2] ?? 0) >= 8;
    x = depthwise(halves ? 2 : 1).apply(x) as SymbolicTensor;
    x = activated(convolution([1, 1], [1, 1]).apply(x) as SymbolicTensor);
  }
  x = layers.globalAveragePooling2d({}).apply(x) as SymbolicTensor;
  x = layers.dropout({ rate: options.dropout }).apply(x) as SymbolicTensor;
  const scores = layers.dense({
    units: shape.labels,
    activation: 'softmax',
    kernelInitializer: initializers.glorotUniform({ seed: random.int(2 ** 31) }),
  });
  return model({ inputs: spectrum, outputs: scores.apply(x) as SymbolicTensor });
}
