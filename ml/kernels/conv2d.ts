/**
 * Gradients of 2-D convolution (and so of 1-D) composed of forward convolutions, which the WebAssembly backend runs
 * fast: it has no filter gradient at all, and its input gradient is a plain loop.
 *
 * Shapes: x [n, h, w, c], dy [n, oh, ow, k], filter [fh, fw, c, k]; float32, `NHWC`.
 */
import * as tf from '@tensorflow/tfjs-core';

/** What the kernels need of a convolution's geometry. */
export interface ConvShape {
  readonly xShape: [number, number, number, number];
  readonly filterShape: [number, number, number, number];
  readonly strides: [number, number];
  readonly dilations: [number, number];
  /** Rows of zeros above and below, columns left and right. */
  readonly padding: {
    readonly top: number;
    readonly bottom: number;
    readonly left: number;
    readonly right: number;
  };
  readonly outSize: [number, number];
}

export function convShape(
  xShape: [number, number, number, number],
  filterShape: [number, number, number, number],
  attrs:
    | tf.Conv2DAttrs
    | tf.Conv2DBackpropFilterAttrs
    | tf.Conv2DBackpropInputAttrs
    | tf.DepthwiseConv2dNativeBackpropInputAttrs,
  depthwise: boolean,
): ConvShape {
  // tfjs's layers say null for none, whatever the types say.
  const dilations =
    ('dilations' in attrs ? (attrs.dilations as tf.Conv2DAttrs['dilations'] | null) : null) ?? 1;
  const info = tf.backend_util.computeConv2DInfo(
    xShape,
    filterShape,
    attrs.strides,
    dilations,
    attrs.pad,
    attrs.dimRoundingMode,
    depthwise,
  );
  const { padInfo } = info;
  return {
    xShape,
    filterShape,
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    padding: { top: padInfo.top, bottom: padInfo.bottom, left: padInfo.left, right: padInfo.right },
    outSize: [info.outHeight, info.outWidth],
  };
}

/** Pads, or where a figure is negative crops, the two middle axes. */
export function padOrCrop(
  x: tf.Tensor4D,
  rows: readonly [number, number],
  columns: readonly [number, number],
): tf.Tensor4D {
  const [n, h, w, c] = x.shape;
  const cut = (edge: number): number => Math.max(0, -edge);
  const grow = (edge: number): number => Math.max(0, edge);
  const cropped =
    Math.min(...rows, ...columns) < 0
      ? tf.slice4d(
          x,
          [0, cut(rows[0]), cut(columns[0]), 0],
          [n, h - cut(rows[0]) - cut(rows[1]), w - cut(columns[0]) - cut(columns[1]), c],
        )
      : x;
  if (Math.max(...rows, ...columns) <= 0) return cropped;
  return tf.pad4d(cropped, [
    [0, 0],
    [grow(rows[0]), grow(rows[1])],
    [grow(columns[0]), grow(columns[1])],
    [0, 0],
  ]);
}

/** Puts `stride - 1` zeros between neighbours of the two middle axes: [n, h, w, c] → [n, (h-1)·sh+1, (w-1)·sw+1, c]. */
export function spread(x: tf.Tensor4D, [sh, sw]: readonly [number, number]): tf.Tensor4D {
  if (sh === 1 && sw === 1) return x;
  const [n, h, w, c] = x.shape;
  const columns = tf.pad(tf.reshape(x, [n * h * w, 1, c]), [
    [0, 0],
    [0, sw - 1],
    [0, 0],
  ]);
  const rows = tf.pad(tf.reshape(columns, [n * h, 1, w * sw * c]), [
    [0, 0],
    [0, sh - 1],
    [0, 0],
  ]);
  const full = tf.reshape<tf.Rank.R4>(rows, [n, h * sh, w * sw, c]);
  return tf.slice4d(full, [0, 0, 0, 0], [n, (h - 1) * sh + 1, (w - 1) * sw + 1, c]);
}

/** A 1 × 1 filter that sees every place once: a plain matrix product. */
function isPointwise({ filterShape, strides, padding }: ConvShape): boolean {
  const unpadded = padding.top + padding.bottom + padding.left + padding.right === 0;
  return filterShape[0] === 1 && filterShape[1] === 1 && Math.max(...strides) === 1 && unpadded;
}

/** dx: the spread dy convolved with the filter turned by half a turn, its channels swapped. */
export function conv2dInputGradient(dy: tf.Tensor4D, filter: tf.Tensor4D, shape: ConvShape): tf.Tensor4D {
  const [, h, w] = shape.xShape;
  const [fh, fw, c, k] = shape.filterShape;
  const [dh, dw] = shape.dilations;
  const { top, left } = shape.padding;
  if (isPointwise(shape)) {
    const product = tf.matMul(tf.reshape(dy, [dy.size / k, k]), tf.reshape(filter, [c, k]), false, true);
    return tf.reshape(product, shape.xShape);
  }
  const wide = spread(dy, shape.strides);
  const before = [(fh - 1) * dh - top, (fw - 1) * dw - left] as const;
  const after = [h - wide.shape[1] + top, w - wide.shape[2] + left] as const;
  const padded = padOrCrop(wide, [before[0], after[0]], [before[1], after[1]]);
  const turned = tf.transpose(halfTurn(filter), [0, 1, 3, 2]);
  return tf.conv2d(padded, turned, 1, 'valid', 'NHWC', [dh, dw]);
}

/** The filter with its two first axes reversed: a few block copies, where `reverse` goes number by number. */
export function halfTurn(filter: tf.Tensor4D): tf.Tensor4D {
  const [fh, fw, c, k] = filter.shape;
  const places = tf.reshape(filter, [fh * fw, c, k]);
  const turned = tf.concat(tf.split(places, fh * fw).reverse());
  return tf.reshape(turned, [fh, fw, c, k]);
}

/** dFilter, for every stride. */
export function conv2dFilterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, shape: ConvShape): tf.Tensor4D {
  const { top, bottom, left, right } = shape.padding;
  const padded = padOrCrop(x, [top, bottom], [left, right]);
  return Math.max(...shape.strides) === 1
    ? filterGradientByPlaces(padded, dy, shape)
    : filterGradientByConvolution(padded, dy, shape);
}

/** For every place of the filter one matrix product: x as that place sees it, channels first, times dy. */
function filterGradientByPlaces(padded: tf.Tensor4D, dy: tf.Tensor4D, shape: ConvShape): tf.Tensor4D {
  const [fh, fw, c, k] = shape.filterShape;
  const [n] = shape.xShape;
  const [oh, ow] = shape.outSize;
  const [dh, dw] = shape.dilations;
  const rows = n * oh * ow;
  const byChannel = tf.transpose(padded, [3, 0, 1, 2]);
  const gradient = tf.reshape(dy, [rows, k]);
  const places: tf.Tensor[] = [];
  for (let i = 0; i < fh; i++) {
    for (let j = 0; j < fw; j++) {
      const seen = tf.slice4d(byChannel, [0, 0, i * dh, j * dw], [c, n, oh, ow]);
      places.push(tf.matMul(tf.reshape(seen, [c, rows]), gradient));
    }
  }
  return tf.reshape(tf.concat(places, 0), [fh, fw, c, k]);
}

/** x convolved with dy, the batch taking the channels' place; strides become dilations and the reverse. */
function filterGradientByConvolution(padded: tf.Tensor4D, dy: tf.Tensor4D, shape: ConvShape): tf.Tensor4D {
  const [fh, fw, c, k] = shape.filterShape;
  const byChannel = tf.transpose(padded, [3, 1, 2, 0]);
  const asFilter = tf.transpose(dy, [1, 2, 0, 3]);
  const full = tf.conv2d(byChannel, asFilter, shape.dilations, 'valid', 'NHWC', shape.strides);
  // Rows and columns that the strides never reached leave extra places at the end.
  const exact = tf.slice4d(full, [0, 0, 0, 0], [c, fh, fw, k]);
  return tf.transpose(exact, [1, 2, 0, 3]);
}
