/** The spectra that a published HiFi-GAN was trained on. Its config.json tells them in part only. */
import * as z from 'zod';
import { hifiganConfig } from '../models/hifigan/config';
import type { VoiceFeatureOptions } from './features';

const folderConfig = z.looseObject({ model_type: z.literal('hifigan') });

/** The fields of transformers' `SpeechT5FeatureExtractor`, with its defaults; lengths in milliseconds. */
const extractor = z.looseObject({
  sampling_rate: z.number().positive().optional(),
  num_mel_bins: z.number().positive().optional(),
  hop_length: z.number().positive().optional(),
  win_length: z.number().positive().optional(),
  win_function: z.string().default('hann_window'),
  fmin: z.number().nonnegative().default(80),
  fmax: z.number().positive().default(7600),
  mel_floor: z.number().positive().default(1e-10),
});

/** What keeps its spectra from being made here, with the figure that is in the way. */
export type FormFault = {
  readonly what: 'rate' | 'mels' | 'hop' | 'window' | 'windowKind' | 'top' | 'contradiction';
  readonly found: number | string;
};

export type VocoderForm =
  { readonly form: VoiceFeatureOptions; readonly fault?: undefined } | { readonly fault: FormFault };

/**
 * What the rounding of recordings to 16 bits leaves in a band, nearly enough. The reference cuts at 1e-10, which only
 * samples that are exactly 0 reach; what it was trained on are recordings, whose pauses are not.
 */
const roundingNoise = 1e-5;

/** Whether a config.json is that of a HiFi-GAN as transformers keeps it. */
export function isVocoderConfig(config: unknown): boolean {
  return folderConfig.safeParse(config).success;
}

/**
 * As `SpeechT5FeatureExtractor` makes them: magnitudes in centred frames with a periodic Hann window of four hops, Slaney filters
 * from 80 to 7600 Hz, unless a preprocessor_config.json beside says otherwise; the logarithm to the base 10 is the vocoder's
 * own matter (`Vocoder`). Throws `model.corrupt` for a config.json whose fields are wrong.
 * @param preprocessor what is in preprocessor_config.json; undefined where there is none
 */
export function vocoderForm(config: unknown, preprocessor: unknown): VocoderForm {
  const { generator, mels, sampleRate } = hifiganConfig(config);
  const told = extractor.safeParse(preprocessor === undefined ? {} : preprocessor);
  if (!told.success)
    return { fault: { what: 'contradiction', found: told.error.issues[0]?.path.join('.') || 'JSON' } };
  const given = told.data;
  const hop = generator.upsamplings.reduce((product, { stride }) => product * stride, 1);
  const samples = (milliseconds: number): number => Math.floor((milliseconds * sampleRate) / 1000);
  const nFft = given.win_length === undefined ? 4 * hop : samples(given.win_length);
  const contradiction = contradictionOf(
    { sampling_rate: sampleRate, num_mel_bins: mels, hop_length: hop },
    {
      sampling_rate: given.sampling_rate,
      num_mel_bins: given.num_mel_bins,
      hop_length: given.hop_length === undefined ? undefined : samples(given.hop_length),
    },
  );
  const fault = (what: FormFault['what'], found: number | string): VocoderForm => ({
    fault: { what, found },
  });
  if (contradiction !== undefined) return fault('contradiction', contradiction);
  if (sampleRate < 4000 || sampleRate > 48_000) return fault('rate', sampleRate);
  if (mels < 8 || mels > 256) return fault('mels', mels);
  if (hop < 16 || hop > 4096) return fault('hop', hop);
  if (nFft < 64 || nFft > 8192 || !Number.isInteger(Math.log2(nFft))) return fault('window', nFft);
  if (given.win_function !== 'hann_window') return fault('windowKind', given.win_function);
  if (given.fmax > sampleRate / 2 || given.fmin >= given.fmax) return fault('top', given.fmax);
  const floor = Math.max(given.mel_floor, roundingNoise);
  return { form: { sampleRate, nFft, hop, mels, fMin: given.fmin, fMax: given.fmax, floor } };
}

type Told = Readonly<Record<'sampling_rate' | 'num_mel_bins' | 'hop_length', number | undefined>>;

/** The first field that the two files tell differently. */
function contradictionOf(own: Told, other: Told): string | undefined {
  return (['sampling_rate', 'num_mel_bins', 'hop_length'] as const).find(
    (name) => other[name] !== undefined && other[name] !== own[name],
  );
}
