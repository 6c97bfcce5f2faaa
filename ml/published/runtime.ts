/** What a program of one's own needs to run published models: `dist/runtime/models.mjs`, which takes the program's tf.js. */
import { mixdown } from '../audio/audioData';
import { resample } from '../audio/resample';
import { readWav } from '../audio/wav';

export { joinedPieces } from '../audio/audioData';
export { writeWav } from '../audio/wavWriter';
export { loadPublished } from './load';

/** The samples of a wav file, one channel, at the rate that a model hears. */
export function monoAt(wav: Uint8Array, sampleRate: number): Float32Array {
  const audio = readWav(wav);
  const samples = mixdown(audio);
  return audio.sampleRate === sampleRate ? samples : resample(samples, audio.sampleRate, sampleRate);
}
