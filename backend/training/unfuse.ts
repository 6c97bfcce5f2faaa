/**
 * tfjs-layers runs convolutions as one fused operation, whose gradient always includes that of its input: for the first
 * layer that is the gradient of the data, wanted by nobody and as dear as the layer itself. Apart, tfjs leaves it out.
 */
import * as tf from '@tensorflow/tfjs-core';

type FusedConv2d = typeof tf.fused.conv2d;

/** From here on `fused.conv2d` is computed apart while gradients are recorded. Answers a function that takes it back. */
export function unfuseConvolutions(): () => void {
  const target: { conv2d: FusedConv2d } = tf.fused;
  const stock = target.conv2d;
  const apart: FusedConv2d = (options) => {
    const {
      activation = 'linear',
      x,
      filter,
      strides,
      pad,
      dataFormat,
      dilations,
      dimRoundingMode,
      bias,
    } = options;
    if (activation !== 'linear' || tf.engine().state.gradientDepth === 0) return stock(options);
    const convolved = tf.conv2d(x, filter, strides, pad, dataFormat, dilations, dimRoundingMode);
    return bias === undefined || (bias as tf.Tensor | null) === null ? convolved : tf.add(convolved, bias);
  };
  target.conv2d = apart;
  return () => {
    target.conv2d = stock;
  };
}
