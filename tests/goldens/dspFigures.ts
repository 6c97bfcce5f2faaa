/** Signal processing whose outcome is a figure: it goes to outputs.json in the form of expected.json. */
import { z } from 'zod';
import { griffinLim, spectralConvergence } from '../../ml/dsp/griffinLim';
import { spectrogram } from '../../ml/dsp/stft';
import { mcdPlain, mcdWarped, speechCepstra, type Cepstra } from '../../ml/metrics/melCepstralDistortion';
import type { GoldenCase } from './goldenCase';

const mcdSetting = z.looseObject({ wav_a: z.string(), wav_b: z.string(), n_coef: z.number() });
/** Of figures that go through float32 spectra, in decibels. */
const closeEnough = 1e-3;

export async function putDistortion(golden: GoldenCase): Promise<void> {
  const setting = golden.given('mcd', mcdSetting);
  if (setting === undefined) return;
  const cepstraOf = async (wav: string): Promise<Cepstra> => {
    const { samples, sampleRate } = await golden.audio(wav);
    return speechCepstra(samples, sampleRate, { highest: setting.n_coef });
  };
  const [a, b] = [await cepstraOf(setting.wav_a), await cepstraOf(setting.wav_b)];
  const warped = mcdWarped(a, b);
  golden.put('mcep_a.npy', Float32Array.from(a.data), [a.frames, a.width]);
  golden.put('mcep_b.npy', Float32Array.from(b.data), [b.frames, b.width]);
  golden.put('mcd_dtw_path.npy', Int32Array.from(warped.path.flat()), [warped.path.length, 2]);
  const figures = {
    mcd_plain_db: mcdPlain(a, b),
    mcd_dtw_db: warped.decibels,
    dtw_path_len: warped.path.length,
    dtw_accumulated_euclid: warped.cost,
    self_mcd: mcdPlain(a, a),
  };
  for (const [name, figure] of Object.entries(figures)) {
    const wanted = setting[name];
    if (typeof wanted !== 'number') continue;
    const text = `mcd ${name}: ${figure} for ${wanted}, tolerance ${closeEnough}`;
    golden.remark(text, !(Math.abs(figure - wanted) <= closeEnough));
  }
  golden.putFigures('mcd', {
    wav_a: setting.wav_a,
    wav_b: setting.wav_b,
    n_coef: setting.n_coef,
    ...figures,
    frames: [a.frames, b.frames],
  });
}

const griffinLimSetting = z.looseObject({
  wav: z.string(),
  n_fft: z.number(),
  hop: z.number(),
  results: z.array(
    z.looseObject({
      momentum: z.number(),
      n_iter: z.number(),
      spectral_convergence_mean: z.number().optional(),
    }),
  ),
});

/** Phases to begin with are random, and single frames may stay out of step: means of few seeds vary by a fifth, of the reference too. */
const mostAbove = 1.35;
const seeds = 3;

export async function putGriffinLim(golden: GoldenCase): Promise<void> {
  const setting = golden.given('griffin_lim', griffinLimSetting);
  if (setting === undefined) return;
  const { samples } = await golden.audio(setting.wav);
  const shape = { nFft: setting.n_fft, hop: setting.hop };
  const magnitudes = spectrogram(samples, {
    ...shape,
    pad: Math.floor(setting.n_fft / 2),
    padMode: 'constant',
    power: 1,
  });
  const results = setting.results.map(({ momentum, n_iter, spectral_convergence_mean: wanted }) => {
    const found = Array.from({ length: seeds }, (_, seed) => {
      const options = { ...shape, iterations: n_iter, momentum, random: mulberry(seed + 1) };
      return spectralConvergence(magnitudes, griffinLim(magnitudes, options), shape);
    });
    const mean = found.reduce((sum, one) => sum + one, 0) / found.length;
    if (wanted !== undefined) {
      const limit = mostAbove * wanted;
      const text = `Griffin-Lim ${n_iter} × momentum ${momentum}: convergence ${mean.toFixed(4)}, at most ${limit.toFixed(4)}`;
      golden.remark(text, !(mean <= limit));
    }
    const range = { min: Math.min(...found), max: Math.max(...found), seeds };
    return { momentum, n_iter, spectral_convergence_mean: mean, ...range };
  });
  golden.putFigures('griffin_lim', { ...setting, shape: [magnitudes.width, magnitudes.frames], results });
}

/** A small generator with a seed (Tommy Ettinger's mulberry32). */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
