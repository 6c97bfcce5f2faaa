/**
 * The stock WebAssembly product of transposed matrices is a plain loop, up to ten times slower than its product of
 * matrices as they lie. Gradients transpose all the time: the transposition is made first here.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Multiplications below which a copy costs more than it saves. */
const smallest = 16_384;

const wrapped = new Set<string>();

/** Puts itself before the backend's own kernel. Its backend must be running: the kernel underneath is set up by then. */
export function wrapMatMul(backendName: string): void {
  if (wrapped.has(backendName)) return;
  wrapped.add(backendName);
  const stock = tf.getKernel(tf.BatchMatMul, backendName);
  tf.unregisterKernel(tf.BatchMatMul, backendName);
  tf.registerKernel({ ...stock, kernelFunc: (call) => matMul(stock.kernelFunc, call) });
}

function matMul(stock: tf.KernelFunc, call: Parameters<tf.KernelFunc>[0]): ReturnType<tf.KernelFunc> {
  const { a, b } = call.inputs as { a: tf.Tensor; b: tf.Tensor };
  const { transposeA, transposeB } = call.attrs as unknown as tf.BatchMatMulAttrs;
  const inner = a.shape.at(transposeA ? -2 : -1) ?? 0;
  const work = (a.size / Math.max(1, inner)) * (b.size / Math.max(1, inner)) * inner;
  if (!(transposeA || transposeB) || work < smallest) return stock(call);
  const inputs = { a: transposeA ? lastTwoSwapped(a) : a, b: transposeB ? lastTwoSwapped(b) : b };
  const answer = stock({ ...call, inputs, attrs: { transposeA: false, transposeB: false } });
  if (transposeA) inputs.a.dispose();
  if (transposeB) inputs.b.dispose();
  return answer;
}

function lastTwoSwapped(x: tf.Tensor): tf.Tensor {
  const axes = x.shape.map((_, i) => i);
  const [last = 0, before = 0] = [axes.pop(), axes.pop()];
  return tf.transpose(x, [...axes, last, before]);
}
