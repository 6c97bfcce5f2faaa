/** A trained recogniser that reads back what a voice says. */
import { mixdown } from '../../../ml/audio/audioData';
import { editDistance } from '../../../ml/metrics/editDistance';
import { comparedTranscript } from '../../../ml/speech/transcript';
import { loadTrained } from '../../../ml/trained/load';
import { transcribeSpeech } from '../../../ml/trained/speech';
import { readAudioFile } from '../../sdk/audioFiles';
import { folderFiles } from '../../sdk/modelFiles';

export interface Read {
  readonly text: string;
  readonly samples: Float32Array;
  readonly sampleRate: number;
}

export interface Recogniser {
  /** Character errors over all characters of the normalised texts. */
  errorRate(sounds: readonly Read[]): Promise<number>;
  /** The same of recordings. */
  fileErrorRate(
    recordings: readonly { readonly audioPath: string; readonly text: string }[],
  ): Promise<number>;
  dispose(): void;
}

/** Rejects with what is wrong with the model's files, or when it hears with a downloaded model. */
export async function openRecogniser(folder: string): Promise<Recogniser> {
  const trained = await loadTrained(folderFiles(folder));
  const errorRate = async (sounds: readonly Read[]): Promise<number> => {
    let [edits, characters] = [0, 0];
    for (const { text, samples, sampleRate } of sounds) {
      const truth = Array.from(comparedTranscript(text));
      const heard = await transcribeSpeech(trained, samples, sampleRate);
      edits += editDistance(truth, Array.from(comparedTranscript(heard.text)));
      characters += truth.length;
    }
    return edits / Math.max(1, characters);
  };
  return {
    errorRate,
    fileErrorRate: async (recordings) => {
      const sounds: Read[] = [];
      for (const { audioPath, text } of recordings) {
        const audio = await readAudioFile(audioPath);
        sounds.push({ text, samples: mixdown(audio), sampleRate: audio.sampleRate });
      }
      return errorRate(sounds);
    },
    dispose: () => trained.model.dispose(),
  };
}
