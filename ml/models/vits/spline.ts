/** The monotonic rational-quadratic spline (Durkan et al. 2019) of the stochastic duration predictor. */
import { MlError } from '../../errors';

export interface SplineShape {
  readonly bins: number;
  /** Outside −tail…tail the spline is the identity. */
  readonly tail: number;
  readonly leastWidth?: number;
  readonly leastHeight?: number;
  readonly leastDerivative?: number;
}

export interface SplineValue {
  readonly value: number;
  readonly logDerivative: number;
}

/**
 * One point through its own spline, or back through it.
 * @param parameters unnormalised widths, heights (`bins` each) and inner derivatives (`bins` − 1) of this point, in a row
 */
export function splineAt(
  x: number,
  parameters: ArrayLike<number>,
  shape: SplineShape,
  reverse: boolean,
): SplineValue {
  const { bins, tail, leastWidth = 1e-3, leastHeight = 1e-3, leastDerivative = 1e-3 } = shape;
  if (!(x >= -tail && x <= tail)) return { value: x, logDerivative: 0 };
  const across = edges(parameters, 0, bins, leastWidth, tail);
  const up = edges(parameters, bins, bins, leastHeight, tail);
  const bin = binOf(x, reverse ? up : across);
  const [left, right] = [at(across, bin), at(across, bin + 1)];
  const [low, high] = [at(up, bin), at(up, bin + 1)];
  const slope = (knot: number): number =>
    // The ends go over into the identity.
    knot === 0 || knot === bins ? 1 : leastDerivative + softplus(at(parameters, 2 * bins + knot - 1));
  const segment = { width: right - left, height: high - low, from: slope(bin), to: slope(bin + 1) };
  if (!reverse) {
    const { share, logDerivative } = forward((x - left) / segment.width, segment);
    return { value: low + share * segment.height, logDerivative };
  }
  const place = backward(x - low, segment);
  const { logDerivative } = forward(place, segment);
  return { value: left + place * segment.width, logDerivative: -logDerivative };
}

interface Segment {
  readonly width: number;
  readonly height: number;
  /** Slopes at its ends. */
  readonly from: number;
  readonly to: number;
}

/** @param place 0..1 of the segment's width; `share` is 0..1 of its height */
function forward(
  place: number,
  { width, height, from, to }: Segment,
): { share: number; logDerivative: number } {
  const mean = height / width;
  const bow = place * (1 - place);
  const divisor = mean + (from + to - 2 * mean) * bow;
  const share = (mean * place ** 2 + from * bow) / divisor;
  const derivative = mean ** 2 * (to * place ** 2 + 2 * mean * bow + from * (1 - place) ** 2);
  return { share, logDerivative: Math.log(derivative) - 2 * Math.log(divisor) };
}

/** The place whose height above the segment's foot is `above`: the root of a quadratic equation. */
function backward(above: number, { width, height, from, to }: Segment): number {
  const mean = height / width;
  const bend = above * (from + to - 2 * mean);
  const a = height * (mean - from) + bend;
  const b = height * from - bend;
  const c = -mean * above;
  const discriminant = b ** 2 - 4 * a * c;
  if (!(discriminant >= 0))
    throw new MlError('model.corrupt', 'A spline of the duration predictor does not rise.');
  return (2 * c) / (-b - Math.sqrt(discriminant));
}

/** The knots on one axis: `bins` shares of −tail…tail, none below `least`. */
function edges(
  from: ArrayLike<number>,
  start: number,
  bins: number,
  least: number,
  tail: number,
): Float64Array {
  let most = -Infinity;
  for (let i = 0; i < bins; i++) most = Math.max(most, at(from, start + i));
  const shares = new Float64Array(bins);
  let sum = 0;
  for (let i = 0; i < bins; i++) sum += shares[i] = Math.exp(at(from, start + i) - most);
  const knots = new Float64Array(bins + 1);
  let reached = 0;
  for (let i = 0; i < bins; i++) {
    reached += least + (1 - least * bins) * (at(shares, i) / sum);
    knots[i + 1] = 2 * tail * reached - tail;
  }
  knots[0] = -tail;
  knots[bins] = tail;
  return knots;
}

/** The bin that holds `x`; the last one holds its end too. */
function binOf(x: number, knots: Float64Array): number {
  let bin = 0;
  while (bin < knots.length - 2 && x >= at(knots, bin + 1)) bin++;
  return bin;
}

function softplus(x: number): number {
  // Beyond it the rest is below the last digit of a float.
  return x > 20 ? x : Math.log1p(Math.exp(x));
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? NaN;
}
