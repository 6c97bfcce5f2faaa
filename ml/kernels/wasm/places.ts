/** Which stretches of a padded tensor lie evenly enough for one product. Numbers count places, of `c` numbers each. */
import type { ConvShape } from '../conv2d';

/** A stretch of places that lie evenly both in x and in the answer. */
export interface Run {
  /** The first place in the padded x and in the answer. */
  readonly seen: number;
  readonly made: number;
  readonly length: number;
}

/** Places of the filter that follow one another both in the filter and in x. */
export interface Taps {
  /** The first place in x, from that of the run, and in the filter. */
  readonly seen: number;
  readonly first: number;
  readonly count: number;
}

/**
 * Rows of the answer; several together where the next goes on in x where the last ended.
 * @param padded shape of x with its padding
 */
export function* runsOf(
  [n, height, width]: readonly [number, number, number, number],
  { outSize: [oh, ow], strides: [sh, sw] }: ConvShape,
  most: number,
): Generator<Run> {
  const rows = n * oh;
  const seenAt = (row: number): number => (Math.floor(row / oh) * height + (row % oh) * sh) * width;
  for (let row = 0; row < rows;) {
    const [seen, made] = [seenAt(row), row * ow];
    let length = ow;
    for (row += 1; row < rows && seenAt(row) === seen + length * sw; row += 1) length += ow;
    for (let done = 0; done < length; done += most) {
      yield { seen: seen + done * sw, made: made + done, length: Math.min(most, length - done) };
    }
  }
}

/** Row by row of the filter; place by place where it is dilated. */
export function tapsOf(
  [, , width]: readonly [number, number, number, number],
  { filterShape: [fh, fw], dilations: [dh, dw] }: ConvShape,
): Taps[] {
  const rows = Array.from({ length: fh }, (_, i) => i);
  if (dw === 1 || fw === 1) {
    return rows.map((i) => ({ seen: i * dh * width, first: i * fw, count: fw }));
  }
  return rows.flatMap((i) =>
    Array.from({ length: fw }, (_, j) => ({ seen: i * dh * width + j * dw, first: i * fw + j, count: 1 })),
  );
}
