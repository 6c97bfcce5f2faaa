/**
 * `runtime.mjs` of a trained model's folder: the model's layers and the way from sound to text, for programs that have tf.js
 * and nothing of Goya. The build wraps it so that it takes the program's own tf.js.
 */
import { registerBlocks } from '../../../ml/layers/blocks';
import { registerFrameBlocks } from '../../../ml/layers/frameBlocks';

registerBlocks();
registerFrameBlocks();

export { CharacterPrior } from '../../../ml/ctc/characterPrior';
export { transcribeSpeech } from '../../../ml/trained/speech';
