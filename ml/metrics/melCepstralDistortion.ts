/** How far two sounds are apart by their mel cepstra (Kubichek 1993), in decibels. */
import { MlError } from '../errors';
import { LogMel } from '../dsp/logMel';

/** `[frames, coefficients]` in double precision, row after row. */
export interface Cepstra {
  readonly frames: number;
  readonly width: number;
  readonly data: Float64Array;
}

/**
 * Cosine transform of natural-log mel magnitudes, with coefficient 0: c_m = (1/n) Σ L_k cos(π m (k + ½) / n).
 * @param logMel `[frames, mels]`
 */
export function melCepstra(
  logMel: { readonly frames: number; readonly width: number; readonly data: Float32Array },
  coefficients: number,
): Cepstra {
  const { frames, width, data } = logMel;
  const basis = Float64Array.from(
    { length: coefficients * width },
    (_, i) => Math.cos((Math.PI * Math.floor(i / width) * ((i % width) + 0.5)) / width) / width,
  );
  const cepstra = new Float64Array(frames * coefficients);
  for (let t = 0; t < frames; t++) {
    for (let m = 0; m < coefficients; m++) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += (basis[m * width + k] ?? 0) * (data[t * width + k] ?? 0);
      cepstra[t * coefficients + m] = sum;
    }
  }
  return { frames, width: coefficients, data: cepstra };
}

/**
 * Cepstra 0 to 13 of a sound as speech synthesis compares them: 80 mels to 8 kHz, windows of 1024 every 256 samples.
 * @param floor smallest magnitude of a band: what is fainter is not compared
 */
export function speechCepstra(
  samples: Float32Array,
  sampleRate: number,
  { highest = 13, floor = 1e-5 }: { readonly highest?: number; readonly floor?: number } = {},
): Cepstra {
  const mels = new LogMel({
    sampleRate,
    nFft: 1024,
    hop: 256,
    mels: 80,
    fMin: 0,
    fMax: Math.min(8000, sampleRate / 2),
    pad: 512,
    padMode: 'reflect',
    power: 1,
    floor,
  });
  return melCepstra(mels.compute(samples), highest + 1);
}

const decibels = 10 / Math.LN10;

/** Euclidean distance of two frames, coefficient 0 (the loudness) left out. */
function distance(a: Cepstra, i: number, b: Cepstra, j: number): number {
  let sum = 0;
  for (let m = 1; m < a.width; m++) {
    sum += ((a.data[i * a.width + m] ?? 0) - (b.data[j * b.width + m] ?? 0)) ** 2;
  }
  return Math.sqrt(sum);
}

function check(a: Cepstra, b: Cepstra): void {
  if (a.frames > 0 && b.frames > 0 && a.width === b.width) return;
  throw new MlError('input.invalid', 'Two sounds of at least one frame are needed to compare them.');
}

/** Frame by frame, to the end of the shorter one. Throws `input.invalid` for sounds of no frames. */
export function mcdPlain(a: Cepstra, b: Cepstra): number {
  check(a, b);
  const frames = Math.min(a.frames, b.frames);
  let sum = 0;
  for (let t = 0; t < frames; t++) sum += distance(a, t, b, t);
  return (decibels * Math.SQRT2 * sum) / frames;
}

export interface WarpedDistortion {
  /** Mean along the path. */
  readonly decibels: number;
  /** Pairs of frames, from the first to the last of both. */
  readonly path: readonly (readonly [number, number])[];
  /** Sum of the Euclidean distances along the path. */
  readonly cost: number;
}

/** After dynamic time warping: both may be spoken at different speeds. Memory: a byte for each pair of frames. */
export function mcdWarped(a: Cepstra, b: Cepstra): WarpedDistortion {
  check(a, b);
  const { steps, cost } = warp(a, b);
  const path: [number, number][] = [];
  let [i, j] = [a.frames - 1, b.frames - 1];
  let sum = 0;
  for (;;) {
    path.push([i, j]);
    sum += distance(a, i, b, j);
    if (i === 0 && j === 0) break;
    const step = steps[i * b.frames + j];
    if (step !== left) i--;
    if (step !== above) j--;
  }
  return { decibels: (decibels * Math.SQRT2 * sum) / path.length, path: path.reverse(), cost };
}

const diagonal = 0;
const above = 1;
const left = 2;

/** Where the cheapest path to each pair comes from; among equals the diagonal, then the frame before of the first. */
function warp(a: Cepstra, b: Cepstra): { steps: Uint8Array; cost: number } {
  const steps = new Uint8Array(a.frames * b.frames);
  let before = new Float64Array(b.frames).fill(Infinity);
  let row = new Float64Array(b.frames);
  for (let i = 0; i < a.frames; i++) {
    for (let j = 0; j < b.frames; j++) {
      const here = distance(a, i, b, j);
      const [across, up, back] = [before[j - 1] ?? Infinity, before[j] ?? Infinity, row[j - 1] ?? Infinity];
      const best = Math.min(across, up, back);
      steps[i * b.frames + j] = across === best ? diagonal : up === best ? above : left;
      row[j] = i === 0 && j === 0 ? here : best + here;
    }
    [before, row] = [row, before];
  }
  return { steps, cost: before[b.frames - 1] ?? 0 };
}
