/** How good the filters of resampling are: against an ideal sweep, in the pass band, and in what is folded back. */
import { z } from 'zod';
import { fineFilter, resamplePoly, scipyFilter, type ResampleFilter } from '../../ml/audio/resample';
import type { GoldenCase } from './goldenCase';

const setting = z.looseObject({
  formula: z.string(),
  snr_vs_ideal_db: z.looseObject({ scipy_resample_poly: z.number().optional() }).default({}),
  tones: z.array(z.looseObject({ freq: z.number() })).default([]),
});
const [from, to] = [48_000, 16_000];
/** Samples at each end that do not count: the filter reaches beyond the sound there. */
const edge = 200;

export async function putResampling(golden: GoldenCase): Promise<void> {
  const given = golden.given('resample', setting);
  if (given === undefined || !golden.hasInput('sweep_48k.npy')) return;
  const sweep = Float32Array.from((await golden.input('sweep_48k.npy')).data);
  const ideal = idealSweep(given.formula, (sweep.length * to) / from);
  const filters = { scipy_resample_poly: scipyFilter, fine: fineFilter };
  const tones = given.tones.map(({ freq }) => ({
    freq,
    resample_poly_gain_db: toneGain(freq, scipyFilter),
    fine_gain_db: toneGain(freq, fineFilter),
  }));
  const snr = Object.fromEntries(
    Object.entries(filters).map(([name, filter]) => [name, ideal && distance(sweep, ideal, filter)]),
  );
  golden.putFigures('resample', { formula: given.formula, snr_vs_ideal_db: snr, tones });
  const wanted = given.snr_vs_ideal_db.scipy_resample_poly;
  const [plain, fine] = [snr['scipy_resample_poly'], snr['fine']];
  if (wanted === undefined || plain === undefined || fine === undefined) return;
  const text = `sweep against the ideal: ${plain.toFixed(2)} dB for ${wanted.toFixed(2)}, ${fine.toFixed(2)} dB by the fine filter`;
  golden.remark(text, !(Math.abs(plain - wanted) < 0.1 && fine > plain));
}

/** From a formula such as `x[n]=0.5*sin(2*pi*(50 t + (7000.0-50)/2 t^2)), t=n/48000, 1 s`. */
function idealSweep(formula: string, length: number): Float64Array | undefined {
  const found = /=([\d.]+)\*sin\(2\*pi\*\(([\d.]+) t \+ \(([\d.]+)-[\d.]+\)/.exec(formula);
  if (found === null) return undefined;
  const [amplitude = 0, low = 0, high = 0] = found.slice(1).map(Number);
  return Float64Array.from({ length }, (_, n) => {
    const t = n / to;
    return amplitude * Math.sin(2 * Math.PI * (low * t + ((high - low) / 2) * t * t));
  });
}

function distance(sweep: Float32Array, ideal: Float64Array, filter: ResampleFilter): number {
  const output = resamplePoly(sweep, 1, from / to, filter);
  let [signal, noise] = [0, 0];
  for (let i = edge; i < ideal.length - edge; i++) {
    signal += (ideal[i] ?? 0) ** 2;
    noise += ((output[i] ?? 0) - (ideal[i] ?? 0)) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

/** Of a tone of amplitude 1, in decibels of its root mean square. */
function toneGain(frequency: number, filter: ResampleFilter): number {
  const tone = Float32Array.from({ length: from }, (_, i) => Math.sin((2 * Math.PI * frequency * i) / from));
  const output = resamplePoly(tone, 1, from / to, filter).subarray(edge, -edge);
  const power = output.reduce((sum, sample) => sum + sample ** 2, 0) / output.length;
  return 10 * Math.log10(power / 0.5);
}
