/**
 * `runtime.mjs` of a trained voice's folder: the model's layers and the way from text to sound, for programs that have tf.js
 * and nothing of Goya. The build wraps it so that it takes the program's own tf.js.
 */
import { registerBlocks } from '../../../ml/layers/blocks';
import { registerFrameBlocks } from '../../../ml/layers/frameBlocks';
import { registerVoiceBlocks } from '../../../ml/layers/voiceBlocks';
import { loadTrained } from '../../../ml/trained/load';
import type { ModelFiles } from '../../../ml/trained/modelFiles';
import { voiceOf, type TrainedVoice } from '../../../ml/trained/voice';

registerBlocks();
registerFrameBlocks();
registerVoiceBlocks();

export { writeWav } from '../../../ml/audio/wavWriter';

/** @param files gives the bytes of a file of the voice's folder by its name, or undefined where there is none */
export async function loadVoice(files: ModelFiles): Promise<TrainedVoice> {
  return voiceOf(await loadTrained(files));
}
