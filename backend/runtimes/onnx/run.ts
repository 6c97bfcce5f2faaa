/** What the inference process loads of this runtime: it opens a folder's model in sherpa-onnx. */
import { MlError } from '../../../ml/errors';
import { checkedParameters } from '../../../ml/published/work';
import type { ModelFiles, OpenModel, RuntimeContext } from '../../sdk/modelRuntime';
import { detect, isNamed } from './detect';
import { openRecogniser } from './recogniser';
import { openMatcha, openPiper, voiceParameters } from './voice';

export async function open(
  folder: string,
  files: ModelFiles,
  parameters: unknown,
  context: RuntimeContext,
): Promise<OpenModel> {
  const { voice, ...rest } = checkedParameters(voiceParameters, parameters);
  const layout = await detect(files, voice);
  if (layout === undefined)
    throw new MlError('model.unsupported', 'It holds no ONNX model of a kind that is known.');
  if (layout.kind === 'piper' && voice !== undefined && !isNamed(layout.model, voice))
    throw new MlError(
      'input.invalid',
      `parameters.voice: there is ${layout.voices.slice(0, 20).join(', ')}.`,
    );
  if (layout.lacks !== undefined) throw new MlError('model.unsupported', layout.lacks);
  switch (layout.kind) {
    case 'piper':
      return openPiper(folder, layout, rest, context);
    case 'matcha':
      return openMatcha(folder, layout, rest, context);
    case 'recogniser':
      return openRecogniser(folder, layout, context);
  }
}

/** What a voice is loaded with: the engine takes it when it opens one, not with each text. */
export function keyOf(parameters: unknown): string {
  const { voice, noiseScale, noiseScaleDuration } = checkedParameters(voiceParameters, parameters);
  return JSON.stringify([voice, noiseScale, noiseScaleDuration]);
}
