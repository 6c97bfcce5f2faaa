import type { NpyArray } from './npy';

export interface Verdict {
  readonly passed: boolean;
  /** What is said of it after its name. */
  readonly text: string;
}

/** |got − wanted| ≤ atol for every element; infinities and not-a-numbers must be the same; integers equal. */
export function compareArrays(got: NpyArray | undefined, wanted: NpyArray, atol: number): Verdict {
  if (got === undefined) return { passed: false, text: 'not computed' };
  if (got.shape.join() !== wanted.shape.join()) {
    return { passed: false, text: `shape [${got.shape.join(', ')}] instead of [${wanted.shape.join(', ')}]` };
  }
  if (got.data.constructor !== wanted.data.constructor) return { passed: false, text: 'another type' };
  const tolerance = wanted.data instanceof Int32Array ? 0 : atol;
  let largest = 0;
  for (let i = 0; i < wanted.data.length; i++) {
    const [a, b] = [got.data[i] ?? NaN, wanted.data[i] ?? NaN];
    const difference = Object.is(a, b) || a === b ? 0 : Math.abs(a - b);
    largest = difference <= largest ? largest : Number.isNaN(difference) ? Infinity : difference;
  }
  const passed = largest <= tolerance;
  return { passed, text: `largest difference ${largest.toExponential(2)}, tolerance ${tolerance}` };
}

/** Texts and ids equal; numbers with a fraction to six digits. */
export function compareTexts(got: unknown, wanted: unknown): Verdict {
  const place = firstDifference(got, wanted, '');
  return place === undefined
    ? { passed: true, text: 'equal' }
    : { passed: false, text: `differs at ${place}` };
}

function firstDifference(got: unknown, wanted: unknown, at: string): string | undefined {
  const place = at === '' ? 'the top' : at;
  if (typeof wanted === 'number' && typeof got === 'number' && !Number.isInteger(wanted)) {
    return Math.abs(got - wanted) <= 1e-6 * Math.max(1, Math.abs(wanted)) ? undefined : place;
  }
  if (typeof wanted !== 'object' || wanted === null) return got === wanted ? undefined : place;
  if (typeof got !== 'object' || got === null || Array.isArray(got) !== Array.isArray(wanted)) return place;
  const [a, b] = [got as Record<string, unknown>, wanted as Record<string, unknown>];
  if (Array.isArray(wanted) && Object.keys(a).length !== wanted.length) return place;
  for (const key of Object.keys(b)) {
    const found = firstDifference(a[key], b[key], at === '' ? key : `${at}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
