/** The recordings' texts as phonemes, for a recogniser that writes those. */
import { framesNeeded } from '../../../ml/ctc/ctcLoss';
import { phonemesOf } from '../../../ml/voice/phonemes';
import { breathe } from '../../sdk/breathe';
import { invalidData } from '../../sdk/errors';
import { pronouncingOf } from '../../sdk/pronouncing';
import { problem, type PrepareContext } from '../../sdk/trainingTask';
import type { DataOptions, ModelOptions } from './config';
import type { Speech, Utterance } from './data';
import { secondsOfFrame } from './frames';
import { say } from './words';

/** Without the recordings that have a word which nobody can pronounce, or more sounds than frames. */
export async function inPhonemes(
  { data, resolve, signal }: PrepareContext<DataOptions, ModelOptions>,
  speech: Speech,
): Promise<Speech> {
  const reading = { kind: 'phonemes' as const, persian: speech.persian };
  const folder = data.pronouncer === undefined ? undefined : resolve(data.pronouncer);
  const { pronounce, dispose } = await pronouncingOf(reading, speech.lexicon, folder);
  const spoken = async (utterances: readonly Utterance[]): Promise<Utterance[]> => {
    const all: Utterance[] = [];
    for (const utterance of utterances) {
      await breathe();
      signal.throwIfAborted();
      const { phonemes, unspoken } = await phonemesOf(utterance.text, reading.persian, pronounce);
      const fits = framesNeeded(phonemes) * secondsOfFrame <= utterance.durationSeconds;
      if (unspoken.length > 0 || phonemes.length === 0 || !fits) continue;
      all.push({ ...utterance, transcript: phonemes.join(' '), units: phonemes });
    }
    return all;
  };
  try {
    const [training, validation] = [await spoken(speech.training), await spoken(speech.validation)];
    if (training.length > 0 && validation.length > 0) return { ...speech, training, validation };
    const message = say`No recording is left whose words can all be pronounced. Name a lexicon that has them.`;
    throw invalidData([problem('/data/lexicon', message)]);
  } finally {
    dispose();
  }
}
