/**
 * tfjs-layers runs convolutions and products as one fused operation each, whose gradient always includes that of its
 * input: for the first layer that is the gradient of the data, wanted by nobody and as dear as the layer itself. Apart,
 * tfjs leaves it out, and the native engine has a gradient of its own for each part.
 */
import * as tf from '@tensorflow/tfjs-core';
import { hasWhole, runWhole, wholeDense } from '../../ml/layers/whole';
import { isDense, nativeDense } from './engines/nativeDense';
import { biasAdd } from './engines/nativeKernels';

type FusedConv2d = typeof tf.fused.conv2d;
type FusedMatMul = typeof tf.fused.matMul;

/** From here on both are computed apart while gradients are recorded. Answers a function that takes it back. */
export function unfuseLayers(): () => void {
  const target: { conv2d: FusedConv2d; matMul: FusedMatMul } = tf.fused;
  const { conv2d, matMul } = target;
  target.conv2d = apartConv2d(conv2d);
  target.matMul = apartMatMul(matMul);
  return () => {
    target.conv2d = conv2d;
    target.matMul = matMul;
  };
}

function apartConv2d(stock: FusedConv2d): FusedConv2d {
  return <T extends tf.Tensor3D | tf.Tensor4D>(options: Parameters<typeof tf.fused.conv2d<T>>[0]): T => {
    const {
      activation = 'linear',
      x,
      filter,
      strides,
      pad,
      dataFormat,
      dilations,
      dimRoundingMode,
    } = options;
    if (!isApart(activation)) return stock(options);
    const whole = wholePointwise(options);
    if (whole !== undefined) return whole as T;
    const convolved = tf.conv2d(x, filter, strides, pad, dataFormat, dilations, dimRoundingMode);
    return finish(convolved, options.bias, activation);
  };
}

/** A convolution of single points is a dense layer. */
function wholePointwise({
  x,
  filter,
  bias,
  strides,
  pad,
  activation,
}: Parameters<FusedConv2d>[0]): tf.Tensor | undefined {
  if (!isTensor(x) || !isTensor(filter) || !isTensor(bias) || typeof pad !== 'string') return undefined;
  const isPoint =
    filter.shape[0] === 1 && filter.shape[1] === 1 && [strides].flat().every((one) => one === 1);
  if (!isPoint || x.rank !== 4 || bias.rank !== 1 || !hasWhole(wholeDense)) return undefined;
  return runWhole(wholeDense, { x, weight: filter, bias }, { relu: activation === 'relu' });
}

function apartMatMul(stock: FusedMatMul): FusedMatMul {
  return (options) => {
    const { activation = 'linear', a, b, transposeA, transposeB } = options;
    if (!isApart(activation)) return stock(options);
    const whole = wholeMatMul(options);
    if (whole !== undefined) return whole;
    return finish(tf.matMul(a, b, transposeA, transposeB), options.bias, activation);
  };
}

/** On the native engine, in one operation each way. */
function wholeMatMul({
  a,
  b,
  bias,
  activation,
  transposeA = false,
  transposeB = false,
}: Parameters<FusedMatMul>[0]): tf.Tensor | undefined {
  if (!isTensor(a) || !isTensor(b) || transposeA || transposeB || !isDense(a, b, bias)) return undefined;
  return nativeDense(a as tf.Tensor2D, b as tf.Tensor2D, bias, activation === 'relu');
}

/** tfjs says null where it has no activation. */
function isApart(activation: string | null): boolean {
  if (tf.engine().state.gradientDepth === 0) return false;
  return activation === null || activation === 'linear' || activation === 'relu';
}

function finish<T extends tf.Tensor>(x: T, bias: unknown, activation: string | null): T {
  const sum = isTensor(bias) ? addBias(x, bias) : x;
  return activation === 'relu' ? tf.relu(sum) : sum;
}

function isTensor(value: unknown): value is tf.Tensor {
  return value instanceof tf.Tensor;
}

function addBias<T extends tf.Tensor>(x: T, bias: tf.Tensor): T {
  const isNative = tf.getBackend() === 'tensorflow' && bias.rank === 1 && x.rank > 1;
  return isNative ? tf.engine().runKernel(biasAdd, { x, bias }) : tf.add(x, bias);
}
