/** Puts products of our own in place of the WebAssembly backend's, where the runtime has SIMD. */
import * as tf from '@tensorflow/tfjs-core';
import { convShape, spread } from '../conv2d';
import { convolve, filterGradient, inputGradient } from './conv';
import type { Heap } from './heap';
import { multiply } from './matMul';
import { tileColumns, tileRows } from './product';

type Call = Parameters<tf.KernelFunc>[0];
type Answer = ReturnType<tf.KernelFunc>;

/** Numbers of a row of the filter below which the stock convolution, which unrolls, is quicker. */
const shortest = 16;

const wrapped = new Set<string>();

/** The backend must be running: its own kernels are set up by then. Safe to call twice. */
export function wrapProducts(heap: Heap, backendName: string): void {
  wrap(backendName, tf.Conv2D, (stock, call) => conv2d(heap, stock, call));
  wrap(backendName, tf.Conv2DBackpropFilter, (stock, call) => conv2dFilter(heap, stock, call));
  wrap(backendName, tf.Conv2DBackpropInput, (stock, call) => conv2dInput(heap, stock, call));
  wrap(backendName, tf.Identity, (stock, call) => share(heap, stock, call));
  wrap(backendName, tf.BatchMatMul, (stock, call) => multiply(heap, call) ?? stock(call));
}

function wrap(backendName: string, name: string, work: (stock: tf.KernelFunc, call: Call) => Answer): void {
  const key = `${backendName} ${name}`;
  if (wrapped.has(key)) return;
  wrapped.add(key);
  const stock = tf.getKernel(name, backendName);
  tf.unregisterKernel(name, backendName);
  tf.registerKernel({ ...stock, kernelFunc: (call) => work(stock.kernelFunc, call) });
}

function conv2d(heap: Heap, stock: tf.KernelFunc, call: Call): Answer {
  const { x, filter } = call.inputs as { x: tf.Tensor4D; filter: tf.Tensor4D };
  const attrs = call.attrs as unknown as tf.Conv2DAttrs;
  if (!isUsual(attrs, x, filter)) return stock(call);
  const shape = convShape(x.shape, filter.shape, attrs, false);
  const [fh, fw, c, k] = shape.filterShape;
  const isThin = k < tileColumns || (fh > 1 && fw * c < shortest);
  const isSmall = fh * fw > 1 && shape.outSize[1] < tileRows;
  if (isThin || isSmall) return stock(call);
  return convolve(heap, x, filter, shape);
}

function conv2dFilter(heap: Heap, stock: tf.KernelFunc, call: Call): Answer {
  const { x, dy } = call.inputs as { x: tf.Tensor4D; dy: tf.Tensor4D };
  const attrs = call.attrs as unknown as tf.Conv2DBackpropFilterAttrs;
  if (!isUsual(attrs, x, dy)) return stock(call);
  const shape = convShape(x.shape, attrs.filterShape, attrs, false);
  return filterGradient(heap, x, dy, shape);
}

function isUsual({ dataFormat }: { readonly dataFormat: string }, ...tensors: readonly tf.Tensor[]): boolean {
  return dataFormat === 'NHWC' && tensors.every(({ dtype, size }) => dtype === 'float32' && size > 0);
}

function conv2dInput(heap: Heap, stock: tf.KernelFunc, call: Call): Answer {
  const { dy, filter } = call.inputs as { dy: tf.Tensor4D; filter: tf.Tensor4D };
  const attrs = call.attrs as unknown as tf.Conv2DBackpropInputAttrs;
  if (!isUsual(attrs, dy, filter)) return stock(call);
  const shape = convShape(attrs.inputShape, filter.shape, attrs, false);
  const wide = tf.tidy(() => spread(dy, shape.strides));
  try {
    return inputGradient(heap, wide, filter, shape);
  } finally {
    if (wide !== dy) wide.dispose();
  }
}

/** The stock kernel copies, though no kernel writes into what it is given. */
function share({ backend }: Heap, stock: tf.KernelFunc, call: Call): Answer {
  const x = call.inputs['x'] as tf.Tensor;
  if (x.dtype === 'string') return stock(call);
  backend.incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
}
