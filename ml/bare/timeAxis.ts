/** Which axis of an input is time, told by its shape. */
import type { TensorSpec } from './bareModel';

export interface TimeAxis {
  /** Steps that it takes; null for any number. */
  readonly length: number | null;
  /** `[1, width, time]` instead of `[1, time, width]`. */
  readonly widthFirst: boolean;
  /** The tensor's shape with so many steps. */
  shape(steps: number): number[];
}

/**
 * `width`: numbers of a step, 1 for samples. `[?, 16000]`, `[?, 16000, 1]`, `[?]` take samples; `[?, 98, 64]`,
 * `[1, 64, ?, 1]`, `[?, 64]` frames of 64. Undefined where they do not fit.
 */
export function timeAxis(shape: TensorSpec['shape'], width: number): TimeAxis | undefined {
  const needed = width === 1 ? 1 : 2;
  if (shape === undefined) {
    return {
      length: null,
      widthFirst: false,
      shape: (steps) => (needed === 1 ? [1, steps] : [1, steps, width]),
    };
  }
  const axes = axesOf(shape, needed);
  if (axes === undefined) return undefined;
  const [first = 0, second = 0] = axes;
  const fits = (axis: number): boolean => shape[axis] === width || shape[axis] === null;
  if (needed === 2 && !fits(second) && !fits(first)) return undefined;
  const widthFirst = needed === 2 && shape[second] !== width && (shape[first] === width || !fits(second));
  const [time, across] = widthFirst ? [second, first] : [first, second];
  return {
    length: shape[time] ?? null,
    widthFirst,
    shape: (steps) =>
      shape.map((length, i) => (i === time ? steps : needed === 2 && i === across ? width : (length ?? 1))),
  };
}

/** The axes that carry the sound: not the batch, not those of length 1. */
function axesOf(shape: readonly (number | null)[], needed: number): readonly number[] | undefined {
  const axes = shape.map((_, i) => i);
  const isBatch = shape[0] === null || shape[0] === 1;
  if (axes.length > needed && isBatch) axes.shift();
  while (axes.length > needed) {
    const one = axes.findLastIndex((axis) => shape[axis] === 1);
    if (one === -1) return undefined;
    axes.splice(one, 1);
  }
  return axes.length === needed ? axes : undefined;
}
