/**
 * tfjs adds the bias of a convolution over time as a reshaped tensor, whose gradient is a sum over two axes; the native engine
 * has an operation for either, and one of our own for all of a plain layer.
 */
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { hasWhole, runWhole, wholeConv1d } from '../../ml/layers/whole';
import { biasAdd } from './engines/nativeKernels';

interface Weight {
  read(): tf.Tensor;
}

interface ConvLayer {
  readonly rank: number;
  readonly dataFormat: string;
  readonly padding: string;
  readonly strides: readonly number[];
  readonly dilationRate: readonly number[];
  readonly kernel: Weight;
  readonly bias: Weight | null;
  readonly activation: { apply(x: tf.Tensor): tf.Tensor; getClassName(): string } | null;
}

type Call = (inputs: tf.Tensor | tf.Tensor[], kwargs: Readonly<Record<string, unknown>>) => unknown;

/** From here on. Answers a function that takes it back. */
export function plainBiases(): () => void {
  const conv1d = layers.conv1d({ filters: 1, kernelSize: 1 });
  // The method is that of the class above, which two-dimensional convolutions share.
  const prototype = Object.getPrototypeOf(Object.getPrototypeOf(conv1d)) as { call: Call };
  const { call } = prototype;
  prototype.call = function (this: ConvLayer, inputs, kwargs) {
    const x = Array.isArray(inputs) && inputs.length === 1 ? inputs[0] : inputs;
    if (!(x instanceof tf.Tensor) || !isPlain(this)) return call.call(this, inputs, kwargs);
    return tf.tidy(() => convolve(this, x as tf.Tensor3D));
  };
  return () => (prototype.call = call);
}

function isPlain({ rank, dataFormat, padding, bias }: ConvLayer): boolean {
  const isUsual = dataFormat === 'channelsLast' && (padding === 'same' || padding === 'valid');
  return rank === 1 && isUsual && bias !== null && tf.getBackend() === 'tensorflow';
}

function convolve(layer: ConvLayer, x: tf.Tensor3D): tf.Tensor {
  const { padding, strides, dilationRate } = layer;
  const kernel = layer.kernel.read() as tf.Tensor3D;
  const pad = padding as 'same' | 'valid';
  const isClose = strides[0] === 1 && (dilationRate[0] ?? 1) === 1;
  if (isClose && layer.bias !== null && hasWhole(wholeConv1d)) {
    const inputs = { x, weight: kernel, bias: layer.bias.read() };
    const relu = layer.activation?.getClassName() === 'relu';
    const y = runWhole(wholeConv1d, inputs, { relu, same: pad === 'same' });
    return relu ? y : (layer.activation?.apply(y) ?? y);
  }
  const sums = tf.conv1d(x, kernel, strides[0] ?? 1, pad, 'NWC', dilationRate[0]);
  const bias = layer.bias?.read();
  const shifted = bias === undefined ? sums : tf.engine().runKernel<tf.Tensor>(biasAdd, { x: sums, bias });
  return layer.activation?.apply(shifted) ?? shifted;
}
