/** The spectra that a voice learns: those of the config, or those that its vocoder takes. No tensors. */
import { voiceFeatureOptions, type VoiceFeatureOptions } from '../../../ml/voice/features';
import type { FormFault } from '../../../ml/voice/vocoderForm';
import { problem, warning, type ConfigProblem } from '../../sdk/trainingTask';
import { vocoderFacts } from '../../sdk/vocoder';
import { modelOptions, type ModelOptions } from './config';
import { say } from './words';

export interface Spectra {
  readonly features: VoiceFeatureOptions;
  readonly problems: readonly ConfigProblem[];
}

const at = '/model/vocoder';

export async function spectraOf(
  { sampleRate, mels, vocoder }: ModelOptions,
  resolve: (relative: string) => string,
): Promise<Spectra> {
  const own = voiceFeatureOptions(sampleRate, mels);
  if (vocoder === undefined) return { features: own, problems: [] };
  const facts = await vocoderFacts(resolve(vocoder));
  if (facts === undefined) return { features: own, problems: [problem(at, noVocoder(vocoder))] };
  if (facts.fault !== undefined) {
    const message = say`Spectra for the HiFi-GAN in ${vocoder} cannot be made here: ${faultText(facts.fault)}`;
    return { features: own, problems: [problem(at, message, { code: 'model.vocoder' })] };
  }
  return { features: facts.form, problems: ignored({ sampleRate, mels }, facts.form) };
}

const noVocoder = (given: string): string =>
  say`${given} is no folder of a HiFi-GAN with its config.json ("model_type": "hifigan") and weights. Download one, for example microsoft/speecht5_hifigan, and name its folder.`;

function faultText({ what, found }: FormFault): string {
  switch (what) {
    case 'rate':
      return say`it speaks at ${found} Hz; 4000 to 48000 are possible.`;
    case 'mels':
      return say`it takes ${found} bands; 8 to 256 are possible.`;
    case 'hop':
      return say`its frames are ${found} samples apart; 16 to 4096 are possible.`;
    case 'window':
      return say`its window would have ${found} samples, which is no power of two from 64 to 8192. A preprocessor_config.json beside it may tell another one (win_length).`;
    case 'windowKind':
      return say`its window is a ${found}; hann_window alone is known.`;
    case 'top':
      return say`its highest band ends at ${found} Hz, beyond half its sampling rate or below its lowest one.`;
    case 'contradiction':
      return say`config.json and preprocessor_config.json do not agree on ${found}.`;
  }
}

/** What the config says, in vain. */
function ignored(
  given: Pick<ModelOptions, 'sampleRate' | 'mels'>,
  form: VoiceFeatureOptions,
): ConfigProblem[] {
  const { shape } = modelOptions;
  const defaults = { sampleRate: shape.sampleRate.parse(undefined), mels: shape.mels.parse(undefined) };
  return (['sampleRate', 'mels'] as const).flatMap((name) => {
    if (given[name] === defaults[name] || given[name] === form[name]) return [];
    const fixes = [{ kind: 'set' as const, path: `/model/${name}`, value: form[name] }];
    const message = say`The vocoder takes ${form[name]}, and that is what is used.`;
    return [warning(`/model/${name}`, message, { code: 'model.vocoder', fixes })];
  });
}
