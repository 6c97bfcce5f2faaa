/**
 * The stock WebAssembly convolutions with `same` padding shift their window along an axis that a stride longer than the
 * filter does not fill: their answers are wrong then. Here the zeros, where any are wanted, are put round first.
 */
import * as tf from '@tensorflow/tfjs-core';
import { convShape, padOrCrop } from './conv2d';

const wrapped = new Set<string>();

/** Kernels, and whether they are depthwise. */
const kernels = [
  [tf.Conv2D, false],
  [tf.FusedConv2D, false],
  [tf.DepthwiseConv2dNative, true],
  [tf.FusedDepthwiseConv2D, true],
] as const;

/** Puts itself before the backend's own kernels. Its backend must be running. */
export function wrapSamePadding(backendName: string): void {
  if (wrapped.has(backendName)) return;
  wrapped.add(backendName);
  for (const [name, isDepthwise] of kernels) {
    const stock = tf.getKernel(name, backendName);
    tf.unregisterKernel(name, backendName);
    tf.registerKernel({ ...stock, kernelFunc: (call) => convolve(stock.kernelFunc, call, isDepthwise) });
  }
}

function convolve(
  stock: tf.KernelFunc,
  call: Parameters<tf.KernelFunc>[0],
  isDepthwise: boolean,
): ReturnType<tf.KernelFunc> {
  const { x, filter } = call.inputs as { x: tf.Tensor4D; filter: tf.Tensor4D };
  const attrs = call.attrs as unknown as tf.Conv2DAttrs;
  if (attrs.pad !== 'same' || attrs.dataFormat === 'NCHW') return stock(call);
  const { strides, padding } = convShape(x.shape, filter.shape, attrs, isDepthwise);
  if (Math.max(...strides) === 1) return stock(call);
  const { top, bottom, left, right } = padding;
  const padded = tf.tidy(() => padOrCrop(x, [top, bottom], [left, right]));
  try {
    return stock({
      ...call,
      inputs: { ...call.inputs, x: padded },
      attrs: { ...call.attrs, pad: 'valid' },
    });
  } finally {
    if (padded !== x) padded.dispose();
  }
}
