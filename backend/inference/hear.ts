/** Sound to text with a trained `speech-recognition` model. */
import type { TrainedModel } from '../../ml/trained/load';
import { transcribeSpeech, type Transcription } from '../../ml/trained/speech';
import type { RunWork } from './published';

/** Tells what was heard so far after each part of a long sound. */
export function hear(
  trained: TrainedModel,
  samples: Float32Array,
  sampleRate: number,
  { signal, onProgress }: RunWork,
): Promise<Transcription> {
  const totalSeconds = samples.length / sampleRate;
  return transcribeSpeech(trained, samples, sampleRate, {
    signal,
    onWords: (words, heardSeconds) => {
      const segments = words.map(({ start, end, text }) => ({ start, end, text }));
      onProgress({ text: words.map(({ text }) => text).join(' '), segments, heardSeconds, totalSeconds });
    },
  });
}
