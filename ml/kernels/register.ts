/** Gives a tfjs backend the gradient kernels it lacks, so that it can train. */
import * as tf from '@tensorflow/tfjs-core';
import { registerBatchNormGradient } from './batchNorm';
import { conv2dFilterGradient, conv2dInputGradient, convShape } from './conv2d';
import { depthwiseFilterGradient, depthwiseInputGradient } from './depthwise';
import { wrapMatMul } from './matMul';
import { wrapSamePadding } from './samePadding';
import { unsortedSegmentSum } from './segments';
import { wrapSlice } from './slice';
import { wrapSums } from './sums';
import { heapInUse } from './wasm/heap';
import { wrapProducts } from './wasm/register';

type Shape4D = [number, number, number, number];

interface GradientKernel {
  readonly name: string;
  readonly run: (inputs: tf.NamedTensorInfoMap, attrs: object) => tf.Tensor;
}

/** The engine hands kernels the very tensors the operation was called with. */
const tensor = (inputs: tf.NamedTensorInfoMap, name: string): tf.Tensor4D => inputs[name] as tf.Tensor4D;

const kernels: readonly GradientKernel[] = [
  {
    name: tf.Conv2DBackpropFilter,
    run: (inputs, attrs) => {
      const { filterShape, ...rest } = attrs as tf.Conv2DBackpropFilterAttrs;
      const x = tensor(inputs, 'x');
      const shape = convShape(x.shape, filterShape, { filterShape, ...rest }, false);
      return conv2dFilterGradient(x, tensor(inputs, 'dy'), shape);
    },
  },
  {
    name: tf.Conv2DBackpropInput,
    run: (inputs, attrs) => {
      const { inputShape } = attrs as tf.Conv2DBackpropInputAttrs;
      const filter = tensor(inputs, 'filter');
      const shape = convShape(inputShape, filter.shape, attrs as tf.Conv2DBackpropInputAttrs, false);
      return conv2dInputGradient(tensor(inputs, 'dy'), filter, shape);
    },
  },
  {
    name: tf.DepthwiseConv2dNativeBackpropInput,
    run: (inputs, attrs) => {
      const { inputShape } = attrs as tf.DepthwiseConv2dNativeBackpropInputAttrs;
      const filter = tensor(inputs, 'filter');
      const shape = convShape(
        inputShape,
        filter.shape,
        attrs as tf.DepthwiseConv2dNativeBackpropInputAttrs,
        true,
      );
      return depthwiseInputGradient(tensor(inputs, 'dy'), filter, shape);
    },
  },
  {
    name: tf.DepthwiseConv2dNativeBackpropFilter,
    run: (inputs, attrs) => {
      const { filterShape } = attrs as { filterShape: Shape4D };
      const x = tensor(inputs, 'x');
      const shape = convShape(
        x.shape,
        filterShape,
        attrs as tf.DepthwiseConv2dNativeBackpropInputAttrs,
        true,
      );
      return depthwiseFilterGradient(x, tensor(inputs, 'dy'), shape);
    },
  },
  {
    name: tf.UnsortedSegmentSum,
    run: (inputs, attrs) =>
      unsortedSegmentSum(
        inputs['x'] as tf.Tensor,
        inputs['segmentIds'] as tf.Tensor1D,
        (attrs as tf.UnsortedSegmentSumAttrs).numSegments,
      ),
  },
];

/** tfjs declares that a kernel is always there; it is not. */
function hasKernel(name: string, backendName: string): boolean {
  return (tf.getKernel(name, backendName) as tf.KernelConfig | undefined) !== undefined;
}

const registered = new Set<string>();

/**
 * Registers every kernel on `backendName`, in place of a stock one of the same name, once that backend runs
 * (`await tf.setBackend(…)`). Safe to call twice.
 * @param withProducts with products of our own where the runtime has SIMD; otherwise of the backend's operations alone
 */
export function registerGradientKernels(backendName: string, withProducts = true): void {
  for (const { name, run } of registered.has(backendName) ? [] : kernels) {
    if (hasKernel(name, backendName)) tf.unregisterKernel(name, backendName);
    tf.registerKernel({
      kernelName: name,
      backendName,
      kernelFunc: ({ inputs, attrs }) => tf.tidy(() => run(inputs, attrs as object)),
    });
  }
  registered.add(backendName);
  wrapMatMul(backendName);
  wrapSums(backendName);
  if (backendName === 'wasm') {
    wrapSlice(backendName);
    wrapSamePadding(backendName);
    const heap = withProducts ? heapInUse() : undefined;
    if (heap !== undefined) wrapProducts(heap, backendName);
  }
  registerBatchNormGradient();
}
