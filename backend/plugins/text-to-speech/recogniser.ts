/** A trained recogniser that reads back what a voice says. */
import { mixdown } from '../../../ml/audio/audioData';
import { editDistance } from '../../../ml/metrics/editDistance';
import type { SpeechUnits } from '../../../ml/speech/decodeSpeech';
import { comparedTranscript } from '../../../ml/speech/transcript';
import { loadTrained } from '../../../ml/trained/load';
import { transcribeSpeech } from '../../../ml/trained/speech';
import type { Lexicon } from '../../../ml/voice/lexicon';
import { phonemesOf } from '../../../ml/voice/phonemes';
import { readAudioFile } from '../../sdk/audioFiles';
import { folderFiles } from '../../sdk/modelFiles';
import { pronouncingOf, type Pronouncing } from '../../sdk/pronouncing';

export interface Read {
  readonly text: string;
  readonly samples: Float32Array;
  readonly sampleRate: number;
}

export interface Recogniser {
  /** What it writes, and what is counted. */
  readonly units: SpeechUnits;
  /** Wrong characters over all characters of the normalised texts, or wrong phonemes over all phonemes of the texts. */
  errorRate(sounds: readonly Read[]): Promise<number>;
  /** The same of recordings. */
  fileErrorRate(
    recordings: readonly { readonly audioPath: string; readonly text: string }[],
  ): Promise<number>;
  dispose(): void;
}

/** Where the phonemes of a text come from, for a recogniser that writes phonemes. */
export interface Sounds {
  readonly persian: boolean;
  readonly lexicon: Lexicon | undefined;
  /** Folder of a pronouncer, see `pronouncingOf`. */
  readonly pronouncer: string | undefined;
}

/** Rejects with what is wrong with the model's files, or when it hears with a downloaded model. */
export async function openRecogniser(folder: string, sounds: Sounds): Promise<Recogniser> {
  const trained = await loadTrained(folderFiles(folder));
  const { preprocessing } = trained.metadata;
  const units = preprocessing.kind === 'speech' ? preprocessing.units : 'characters';
  const pronouncing =
    units === 'characters'
      ? undefined
      : await pronouncingOf({ kind: 'phonemes', persian: sounds.persian }, sounds.lexicon, sounds.pronouncer);
  const errorRate = async (said: readonly Read[]): Promise<number> => {
    let [edits, count] = [0, 0];
    for (const { text, samples, sampleRate } of said) {
      const truth = await unitsOfText(text, sounds.persian, pronouncing);
      const heard = (await transcribeSpeech(trained, samples, sampleRate)).text;
      edits += editDistance(truth, pronouncing === undefined ? charactersOf(heard) : heard.split(' '));
      count += truth.length;
    }
    return edits / Math.max(1, count);
  };
  return {
    units,
    errorRate,
    fileErrorRate: async (recordings) => {
      const read: Read[] = [];
      for (const { audioPath, text } of recordings) {
        const audio = await readAudioFile(audioPath);
        read.push({ text, samples: mixdown(audio), sampleRate: audio.sampleRate });
      }
      return errorRate(read);
    },
    dispose: () => {
      trained.model.dispose();
      pronouncing?.dispose();
    },
  };
}

const charactersOf = (text: string): string[] => Array.from(comparedTranscript(text));

async function unitsOfText(
  text: string,
  persian: boolean,
  pronouncing: Pronouncing | undefined,
): Promise<readonly string[]> {
  if (pronouncing === undefined) return charactersOf(text);
  return (await phonemesOf(text, persian, pronouncing.pronounce)).phonemes;
}
