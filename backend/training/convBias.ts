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

interface DepthwiseLayer {
  readonly dataFormat: string;
  readonly padding: string;
  readonly strides: readonly number[];
  readonly depthwiseKernel: Weight;
  readonly bias?: Weight | null;
  readonly activation: { apply(x: tf.Tensor): tf.Tensor } | null;
}

type Call = (inputs: tf.Tensor | tf.Tensor[], kwargs: Readonly<Record<string, unknown>>) => unknown;

/** From here on. Answers a function that takes it back. */
export function plainBiases(): () => void {
  const conv1d = layers.conv1d({ filters: 1, kernelSize: 1 });
  const depthwise = layers.depthwiseConv2d({ kernelSize: 1 });
  // The first method is that of the class above, which two-dimensional convolutions share.
  const back = [
    replace(Object.getPrototypeOf(Object.getPrototypeOf(conv1d)), isPlain, convolve),
    replace(Object.getPrototypeOf(depthwise), isPlainDepthwise, convolveApart),
  ];
  return () => {
    for (const undo of back) undo();
  };
}

function replace<Layer>(
  prototype: unknown,
  suits: (layer: Layer) => boolean,
  ours: (layer: Layer, x: tf.Tensor) => tf.Tensor,
): () => void {
  const target = prototype as { call: Call };
  const { call } = target;
  target.call = function (this: Layer, inputs, kwargs) {
    const x = Array.isArray(inputs) && inputs.length === 1 ? inputs[0] : inputs;
    if (!(x instanceof tf.Tensor) || !suits(this)) return call.call(this, inputs, kwargs);
    return tf.tidy(() => ours(this, x));
  };
  return () => (target.call = call);
}

function isUsual({ dataFormat, padding }: ConvLayer | DepthwiseLayer): boolean {
  return dataFormat === 'channelsLast' && (padding === 'same' || padding === 'valid');
}

function isPlain(layer: ConvLayer): boolean {
  return layer.rank === 1 && isUsual(layer) && layer.bias !== null && tf.getBackend() === 'tensorflow';
}

function isPlainDepthwise(layer: DepthwiseLayer): boolean {
  return isUsual(layer) && (layer.bias ?? undefined) !== undefined && tf.getBackend() === 'tensorflow';
}

/** tfjs's layer knows no dilation. */
function convolveApart(layer: DepthwiseLayer, x: tf.Tensor): tf.Tensor {
  const kernel = layer.depthwiseKernel.read() as tf.Tensor4D;
  const strides = layer.strides as [number, number];
  const sums = tf.depthwiseConv2d(x as tf.Tensor4D, kernel, strides, layer.padding as 'same' | 'valid');
  return shiftAndBend(sums, layer.bias?.read(), layer.activation);
}

function shiftAndBend(
  x: tf.Tensor,
  bias: tf.Tensor | undefined,
  activation: ConvLayer['activation'] | DepthwiseLayer['activation'],
): tf.Tensor {
  const shifted = bias === undefined ? x : tf.engine().runKernel<tf.Tensor>(biasAdd, { x, bias });
  return activation?.apply(shifted) ?? shifted;
}

function convolve(layer: ConvLayer, given: tf.Tensor): tf.Tensor {
  const x = given as tf.Tensor3D;
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
  return shiftAndBend(sums, layer.bias?.read(), layer.activation);
}
