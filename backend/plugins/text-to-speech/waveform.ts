/** From log-mels to sound while a voice is trained: by Griffin and Lim, or by the vocoder that the config names. */
import type { Frames } from '../../../ml/dsp/stft';
import { MlError } from '../../../ml/errors';
import { seededRandom } from '../../../ml/generation/random';
import { MelSpeaker, type VoiceFeatureOptions } from '../../../ml/voice/features';
import { speakWhole } from '../../../ml/voice/vocoder';
import { invalidData } from '../../sdk/errors';
import { problem } from '../../sdk/trainingTask';
import { openVocoder } from '../../sdk/vocoder';
import { say } from './words';

export interface Waveform {
  /** @param mels log-mels that are not normalised */
  speak(mels: Frames, stop: AbortSignal): Promise<Float32Array>;
  /** What the voice's folder needs for it, by name. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  dispose(): void;
}

/** Rejects with `training.invalidData` for a vocoder whose weights are not what its config says. */
export async function waveformOf(
  features: VoiceFeatureOptions,
  given: string | undefined,
  resolve: (relative: string) => string,
): Promise<Waveform> {
  if (given === undefined) {
    const speaker = new MelSpeaker(features);
    return {
      speak: (mels) => Promise.resolve(speaker.speak(mels, seededRandom(0))),
      files: {},
      dispose: () => undefined,
    };
  }
  const { vocoder, files } = await openVocoder(resolve(given)).catch((error: unknown) => {
    if (!(error instanceof MlError)) throw error;
    const message = say`The HiFi-GAN in ${given} cannot be read: ${error.message}`;
    throw invalidData([problem('/model/vocoder', message)]);
  });
  return {
    speak: (mels, stop) => speakWhole(vocoder, mels, stop),
    files,
    dispose: () => vocoder.dispose(),
  };
}
