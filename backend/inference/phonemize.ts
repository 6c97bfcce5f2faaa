/** Text to phonemes with a trained `grapheme-to-phoneme` model. */
import { z } from 'zod';
import { phonemizeText } from '../../ml/g2p/phonemize';
import type { TrainedModel } from '../../ml/trained/load';
import type { InferenceParams, InferenceResult } from '../../protocol/model/inference';
import { StudioError } from '../../protocol/wire/errors';

const mostCharacters = 200_000;
/** Whatever words such a text may have: one endless one, or one for every second character. */
const words = z.array(z.string().max(mostCharacters)).max(mostCharacters / 2);
const given = z.union([z.string().max(mostCharacters), words]);

/** `text` becomes its words; `values` may be a list of words instead. Letters that the model does not know are named as `unknown`. */
export async function phonemize(
  trained: TrainedModel,
  input: InferenceParams['input'],
): Promise<InferenceResult['output']> {
  const parsed = given.safeParse(input.text ?? input.values);
  if (!parsed.success) {
    const message = `"${trained.metadata.name}" reads: it needs input.text of at most ${mostCharacters} characters, or input.values as a list of words.`;
    throw new StudioError('inference.invalidInput', message);
  }
  const spoken = await phonemizeText(trained, parsed.data);
  return { text: spoken.flatMap(({ phonemes }) => phonemes).join(' '), values: { words: spoken } };
}
