/**
 * Gradients of depthwise convolution, composed of operations every backend has.
 *
 * Shapes: x [n, h, w, c], dy [n, oh, ow, c·m], filter [fh, fw, c, m].
 */
import * as tf from '@tensorflow/tfjs-core';
import { halfTurn, padOrCrop, spread, type ConvShape } from './conv2d';

/** dx: the spread dy convolved, channel by channel, with the filter turned by half a turn. */
export function depthwiseInputGradient(dy: tf.Tensor4D, filter: tf.Tensor4D, shape: ConvShape): tf.Tensor4D {
  const [n, h, w, c] = shape.xShape;
  const [fh, fw, , m] = shape.filterShape;
  const [dh, dw] = shape.dilations;
  const { top, left } = shape.padding;
  const wide = spread(dy, shape.strides);
  const padded = padOrCrop(
    wide,
    [(fh - 1) * dh - top, h - wide.shape[1] + top],
    [(fw - 1) * dw - left, w - wide.shape[2] + left],
  );
  const turned = tf.reshape<tf.Rank.R4>(halfTurn(filter), [fh, fw, c * m, 1]);
  const each = tf.depthwiseConv2d(padded, turned, 1, 'valid', 'NHWC', [dh, dw]);
  return m === 1 ? each : tf.sum(tf.reshape(each, [n, h, w, c, m]), 4);
}

/** dFilter: for every place of the filter, the shifted x times dy, summed over batch and positions by one product. */
export function depthwiseFilterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, shape: ConvShape): tf.Tensor4D {
  const [fh, fw, c, m] = shape.filterShape;
  const [n] = shape.xShape;
  const [oh, ow] = shape.outSize;
  const [sh, sw] = shape.strides;
  const [dh, dw] = shape.dilations;
  const { top, bottom, left, right } = shape.padding;
  const rows = n * oh * ow;
  const padded = padOrCrop(x, [top, bottom], [left, right]);
  const ones = tf.ones([1, rows]);
  const gradient = tf.reshape(dy, [rows, c, m]);
  const places: tf.Tensor[] = [];
  for (let i = 0; i < fh; i++) {
    for (let j = 0; j < fw; j++) {
      const seen = window(padded, [i * dh, j * dw], [(oh - 1) * sh + 1, (ow - 1) * sw + 1], [sh, sw]);
      const product = tf.mul(tf.reshape(seen, [rows, c, 1]), gradient);
      places.push(tf.matMul(ones, tf.reshape(product, [rows, c * m])));
    }
  }
  return tf.reshape(tf.concat(places, 0), [fh, fw, c, m]);
}

/** Every `stride`-th value of a rectangle of the two middle axes. */
function window(
  x: tf.Tensor4D,
  [top, left]: readonly [number, number],
  [height, width]: readonly [number, number],
  [sh, sw]: readonly [number, number],
): tf.Tensor4D {
  const [n, , , c] = x.shape;
  const end: [number, number, number, number] = [n, top + height, left + width, c];
  if (sh === 1 && sw === 1) return tf.slice4d(x, [0, top, left, 0], [n, height, width, c]);
  return tf.stridedSlice(x, [0, top, left, 0], end, [1, sh, sw, 1]) as tf.Tensor4D;
}
