import { MlError } from '../errors';
import { AudioFeatures, audioFrames, normalizeBands } from './audioFeatures';
import type { TrainedModel } from './load';
import { scoreLabels, type LabelScore } from './scores';

/**
 * Label scores of a clip of mono sound (±1, any rate in Hz), best first.
 * Throws `input.invalid` for an empty clip, `model.unsupported` for a model of something else.
 */
export async function classifyAudio(
  { model, metadata }: TrainedModel,
  samples: Float32Array,
  sampleRate: number,
): Promise<LabelScore[]> {
  const { preprocessing, labels } = metadata;
  if (preprocessing.kind !== 'audio') {
    throw new MlError('model.unsupported', `"${metadata.name}" takes ${preprocessing.kind} rows, not sound.`);
  }
  const features = new AudioFeatures(preprocessing);
  const energies = features.energies(features.clip(samples, sampleRate));
  normalizeBands(energies, preprocessing);
  const shape = [1, audioFrames(preprocessing), preprocessing.mels, 1];
  const [scores = []] = await scoreLabels(model, labels, energies, shape);
  return scores;
}
