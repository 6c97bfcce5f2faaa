/**
 * Gradients of depthwise convolution, composed of operations every backend has.
 *
 * Shapes: x [n, h, w, c], dy [n, oh, ow, c·m], filter [fh, fw, c, m].
 */
import * as tf from '@tensorflow/tfjs-core';
import { halfTurn, padOrCrop, spread, type ConvShape } from './conv2d';
import { columnMeans } from './sums';

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

/** dFilter: for every place of the filter, the x it sees times dy, summed over batch and positions. */
export function depthwiseFilterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, shape: ConvShape): tf.Tensor4D {
  const [fh, fw, c, m] = shape.filterShape;
  const [n] = shape.xShape;
  const [oh, ow] = shape.outSize;
  const [dh, dw] = shape.dilations;
  const rows = n * oh * ow;
  const gradient = tf.reshape(dy, [rows, c, m]);
  const seenFrom = strided(x, shape);
  const places: tf.Tensor[] = [];
  for (let i = 0; i < fh; i++) {
    for (let j = 0; j < fw; j++) {
      const seen = tf.reshape(seenFrom(i * dh, j * dw), [rows, c, 1]);
      const product =
        m === 1 ? tf.mul(tf.reshape(seen, [rows, c]), tf.reshape(dy, [rows, c])) : tf.mul(seen, gradient);
      places.push(columnMeans(product, rows, c * m));
    }
  }
  return tf.reshape(tf.mul(tf.stack(places), rows), [fh, fw, c, m]);
}

/**
 * What a place of the filter sees: every `stride`-th row and column of x from there. x is parted once into the
 * `stride²` grids that places can see, so that each is a plain slice of one of them.
 */
function strided(x: tf.Tensor4D, shape: ConvShape): (row: number, column: number) => tf.Tensor4D {
  const [fh, fw] = shape.filterShape;
  const [n, , , c] = shape.xShape;
  const [oh, ow] = shape.outSize;
  const [sh, sw] = shape.strides;
  const [dh, dw] = shape.dilations;
  const { top, left } = shape.padding;
  /** Rows and columns of each grid. */
  const height = oh + Math.floor(((fh - 1) * dh) / sh);
  const width = ow + Math.floor(((fw - 1) * dw) / sw);
  const [, h, w] = x.shape;
  const whole = padOrCrop(x, [top, height * sh - h - top], [left, width * sw - w - left]);
  const grids = new Map<string, tf.Tensor4D>();
  const grid = (i: number, j: number): tf.Tensor4D => {
    const key = `${i} ${j}`;
    const known = grids.get(key);
    if (known !== undefined) return known;
    const rows =
      sh === 1
        ? whole
        : tf.slice3d(tf.reshape(whole, [n * height, sh, width * sw * c]), [0, i, 0], [-1, 1, -1]);
    const cells =
      sw === 1 ? rows : tf.slice3d(tf.reshape(rows, [n * height * width, sw, c]), [0, j, 0], [-1, 1, -1]);
    const made: tf.Tensor4D = tf.reshape(cells, [n, height, width, c]);
    grids.set(key, made);
    return made;
  };
  return (row, column) =>
    tf.slice4d(
      grid(row % sh, column % sw),
      [0, Math.floor(row / sh), Math.floor(column / sw), 0],
      [n, oh, ow, c],
    );
}
