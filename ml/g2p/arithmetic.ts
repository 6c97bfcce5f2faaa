/**
 * The arithmetic of one short word in plain numbers. A tensor library spends a hundred calls of some 30 µs on such a word;
 * the sums themselves take less than that. Doubles, because engines turn every float32 they load into one.
 */

/** A linear map. */
export interface Linear {
  readonly from: number;
  readonly to: number;
  /**
   * `x · kernel + bias` for each of `rows`, which begin `stride` (by default `from`) numbers apart and may overlap, as a
   * convolution's do. Answers `[rows, to]`.
   */
  apply(x: Float64Array, rows: number, stride?: number): Float64Array;
}

/** @param kernel `[from, to]`; @param bias `[to]`, or nothing for none */
export type MakeLinear = (kernel: ArrayLike<number>, to: number, bias?: ArrayLike<number>) => Linear;

interface Turned {
  readonly from: number;
  readonly to: number;
  /** `[to, from]`: what one output is made of lies together. */
  readonly weights: Float64Array;
  readonly bias: Float64Array;
}

/** In plain JavaScript. */
export const plainLinear: MakeLinear = (kernel, to, given) => {
  const from = kernel.length / to;
  const weights = new Float64Array(kernel.length);
  for (let p = 0; p < from; p++) {
    for (let j = 0; j < to; j++) weights[j * from + p] = kernel[p * to + j] ?? 0;
  }
  const bias = given === undefined ? new Float64Array(to) : Float64Array.from(given);
  const turned = { from, to, weights, bias };
  return { from, to, apply: (x, rows, stride = from) => multiply(x, rows, turned, stride) };
};

function multiply(x: Float64Array, rows: number, linear: Turned, stride: number): Float64Array {
  const out = new Float64Array(rows * linear.to);
  const pairs = linear.to - (linear.to % 2);
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    for (let j = 0; j < pairs; j += 2) block(x, row, stride, linear, j, out);
    for (let j = pairs; j < linear.to; j++) {
      for (let i = row; i < row + 4; i++) out[i * linear.to + j] = single(x, i * stride, linear, j);
    }
  }
  for (; row < rows; row++) {
    for (let j = 0; j < linear.to; j++) out[row * linear.to + j] = single(x, row * stride, linear, j);
  }
  return out;
}

/** Four rows by two outputs: each number that is loaded serves several sums. */
function block(
  x: Float64Array,
  row: number,
  stride: number,
  { from, to, weights, bias }: Turned,
  j: number,
  out: Float64Array,
): void {
  const x0 = row * stride;
  const x1 = x0 + stride;
  const x2 = x1 + stride;
  const x3 = x2 + stride;
  const w = j * from;
  const v = w + from;
  let s0 = bias[j] ?? 0;
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let t0 = bias[j + 1] ?? 0;
  let t1 = t0;
  let t2 = t0;
  let t3 = t0;
  for (let p = 0; p < from; p++) {
    const a = weights[w + p] ?? 0;
    const b = weights[v + p] ?? 0;
    const y0 = x[x0 + p] ?? 0;
    const y1 = x[x1 + p] ?? 0;
    const y2 = x[x2 + p] ?? 0;
    const y3 = x[x3 + p] ?? 0;
    s0 += y0 * a;
    s1 += y1 * a;
    s2 += y2 * a;
    s3 += y3 * a;
    t0 += y0 * b;
    t1 += y1 * b;
    t2 += y2 * b;
    t3 += y3 * b;
  }
  const at = row * to + j;
  out[at] = s0;
  out[at + 1] = t0;
  out[at + to] = s1;
  out[at + to + 1] = t1;
  out[at + 2 * to] = s2;
  out[at + 2 * to + 1] = t2;
  out[at + 3 * to] = s3;
  out[at + 3 * to + 1] = t3;
}

function single(x: Float64Array, from: number, linear: Turned, j: number): number {
  const w = j * linear.from;
  let sum = linear.bias[j] ?? 0;
  for (let p = 0; p < linear.from; p++) sum += (x[from + p] ?? 0) * (linear.weights[w + p] ?? 0);
  return sum;
}

/** In place. */
export function relu(x: Float64Array): Float64Array {
  for (let i = 0; i < x.length; i++) x[i] = Math.max(0, x[i] ?? 0);
  return x;
}

/** In place: adds `y` to `x`. */
export function addTo(x: Float64Array, y: Float64Array): Float64Array {
  for (let i = 0; i < x.length; i++) x[i] = (x[i] ?? 0) + (y[i] ?? 0);
  return x;
}

export interface Norm {
  readonly gamma: Float64Array;
  readonly beta: Float64Array;
  /** What the variance is raised by. */
  readonly epsilon: number;
}

/** Layer normalisation of each row of `gamma.length` numbers. */
export function layerNormRows(x: Float64Array, { gamma, beta, epsilon }: Norm): Float64Array {
  const width = gamma.length;
  const out = new Float64Array(x.length);
  for (let at = 0; at < x.length; at += width) {
    let mean = 0;
    for (let i = 0; i < width; i++) mean += x[at + i] ?? 0;
    mean /= width;
    let variance = 0;
    for (let i = 0; i < width; i++) variance += ((x[at + i] ?? 0) - mean) ** 2;
    const inverse = 1 / Math.sqrt(variance / width + epsilon);
    for (let i = 0; i < width; i++) {
      out[at + i] = ((x[at + i] ?? 0) - mean) * inverse * (gamma[i] ?? 0) + (beta[i] ?? 0);
    }
  }
  return out;
}

/** In place: the softmax of each row. */
export function softmaxRows(x: Float64Array, width: number): Float64Array {
  for (let at = 0; at < x.length; at += width) {
    const row = x.subarray(at, at + width);
    const most = row.reduce((best, value) => Math.max(best, value), -Infinity);
    let sum = 0;
    for (let i = 0; i < width; i++) sum += row[i] = Math.exp((row[i] ?? 0) - most);
    for (let i = 0; i < width; i++) row[i] = (row[i] ?? 0) / sum;
  }
  return x;
}
