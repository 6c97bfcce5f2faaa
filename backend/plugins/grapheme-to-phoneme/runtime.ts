/**
 * `runtime.mjs` of a trained model's folder: the model's layers and the way from words to phonemes, for programs that
 * have tf.js and nothing of Goya. The build wraps it so that it takes the program's own tf.js.
 */
import { registerBlocks } from '../../../ml/layers/blocks';

registerBlocks();

export { phonemizeWords } from '../../../ml/g2p/phonemize';
export { wordsOf } from '../../../ml/g2p/words';
