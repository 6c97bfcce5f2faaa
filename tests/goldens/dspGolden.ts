/** Signal processing: spectra, filters, resampling. Griffin-Lim and distortions are in dspFigures. */
import { z } from 'zod';
import { resamplePoly } from '../../ml/audio/resample';
import { LogMel, whisperLogMel } from '../../ml/dsp/logMel';
import { MelFilterBank } from '../../ml/dsp/mel';
import type { Frames } from '../../ml/dsp/stft';
import { putDistortion, putGriffinLim } from './dspFigures';
import type { GoldenCase, GoldenFamily } from './goldenCase';
import { putResampling } from './resampleFigures';

const melCase = z.looseObject({
  wav: z.string(),
  n_fft: z.number(),
  hop: z.number(),
  win: z.number(),
  power: z.union([z.literal(1), z.literal(2)]),
  pad: z.number(),
  pad_mode: z.enum(['reflect', 'constant']),
  fmin: z.number(),
  fmax: z.number(),
  log: z.string().default('ln(max(x,1e-5))'),
  magnitude: z.string().default(''),
});

/** `[frames, width]` → `[width, frames]`, as other libraries lay spectra out; the first `frames` only. */
function transposed({ frames, width, data }: Frames, most = frames): { data: Float32Array; shape: number[] } {
  const kept = Math.min(frames, most);
  const turned = new Float32Array(kept * width);
  for (let t = 0; t < kept; t++)
    for (let m = 0; m < width; m++) turned[m * kept + t] = data[t * width + m] ?? 0;
  return { data: turned, shape: [width, kept] };
}

/** A number of a formula such as `ln(max(x,1e-5))` or `sqrt(re^2+im^2+1e-9)`. */
function constantIn(formula: string, before: string): number | undefined {
  const found = new RegExp(`${before}([0-9.]+e?-?[0-9]*)\\)`).exec(formula)?.[1];
  return found === undefined ? undefined : Number(found);
}

async function whisperMels(golden: GoldenCase): Promise<void> {
  const setting = golden.given(
    'whisper_log_mel',
    z.looseObject({ wav: z.string(), frames_stored: z.number() }),
  );
  if (setting === undefined) return;
  const mels = golden.expected.files['whisper_log_mel_first.npy']?.shape[0] ?? 80;
  const { samples } = await golden.audio(setting.wav);
  const all = whisperLogMel(samples, mels);
  const { data, shape } = transposed(all, setting.frames_stored);
  golden.put('whisper_log_mel_first.npy', data, shape);
  const bank = new MelFilterBank({ sampleRate: 16_000, nFft: 400, mels, fMin: 0, fMax: 8000 });
  golden.put('whisper_mel_filters.npy', bank.weights, [mels, bank.bins]);
}

async function mels(golden: GoldenCase): Promise<void> {
  for (const [name, one] of Object.entries(golden.given('mel_22k', z.record(z.string(), melCase)) ?? {})) {
    const { samples, sampleRate } = await golden.audio(one.wav);
    const count = golden.expected.files[`${name}.npy`]?.shape[0] ?? 80;
    const filter = { sampleRate, nFft: one.n_fft, mels: count, fMin: one.fmin, fMax: one.fmax };
    const mel = new LogMel({
      ...filter,
      hop: one.hop,
      window: one.win,
      pad: one.pad,
      padMode: one.pad_mode,
      power: one.power,
      epsilon: constantIn(one.magnitude, 'im\\^2\\+') ?? 0,
      floor: constantIn(one.log, 'max\\(x,') ?? 1e-5,
    });
    const { data, shape } = transposed(mel.compute(samples));
    golden.put(`${name}.npy`, data, shape);
    const bank = new MelFilterBank(filter);
    golden.put('mel_filters_22k.npy', bank.weights, [count, bank.bins]);
  }
}

/** `22k` is 22 050 Hz, `44k` 44 100 Hz, as they are spoken of. */
function hertz(thousands: string): number {
  const odd: Readonly<Record<string, number>> = { '11': 11_025, '22': 22_050, '44': 44_100 };
  return odd[thousands] ?? Number(thousands) * 1000;
}

/** What to resample is in the names: `sweep_16k_resample_poly`, `speech_22k_to_16k_resample_poly_first20000`. */
async function resampling(golden: GoldenCase): Promise<void> {
  const name = /^(\w+?)_(?:(\d+)k_to_)?(\d+)k_resample_poly(?:_first(\d+))?\.npy$/;
  for (const file of golden.wanted()) {
    const [, stem = '', from, to = '', first] = name.exec(file) ?? [];
    if (stem === '') continue;
    const source = await soundOf(golden, stem, from);
    if (source === undefined) continue;
    const output = resamplePoly(source.samples, hertz(to), source.rate);
    golden.put(file, first === undefined ? output : output.slice(0, Number(first)));
  }
}

async function soundOf(
  golden: GoldenCase,
  stem: string,
  from: string | undefined,
): Promise<{ samples: Float32Array; rate: number } | undefined> {
  if (from !== undefined) {
    const { samples, sampleRate } = await golden.audio(`${stem}_${from}k.wav`);
    return { samples, rate: sampleRate };
  }
  const input = new RegExp(`^${stem}_(\\d+)k\\.npy$`);
  const file = Object.keys(golden.expected.files).find((one) => input.test(one) && golden.hasInput(one));
  const thousands = input.exec(file ?? '')?.[1];
  if (file === undefined || thousands === undefined) return undefined;
  return { samples: Float32Array.from((await golden.input(file)).data), rate: hertz(thousands) };
}

async function run(golden: GoldenCase): Promise<void> {
  await whisperMels(golden);
  await mels(golden);
  await resampling(golden);
  await putResampling(golden);
  await putDistortion(golden);
  await putGriffinLim(golden);
}

export const dspGolden: GoldenFamily = {
  name: 'dsp',
  matches: ({ expected }) =>
    ['mel_22k', 'whisper_log_mel', 'griffin_lim', 'mcd'].some((key) => key in expected),
  run,
};
