import { z } from 'zod';
import { request } from '../wire/spec';

export const spokenWord = z.object({
  /** As it stands in the normalised text. */
  word: z.string(),
  /** IPA; empty for what has no letters of the language (digits, Latin words): verbalise those first. */
  phonemes: z.array(z.string()),
  /** Who says so: the project's lexicon, the one that ships with Goya, or the model. Absent without phonemes. */
  source: z.enum(['project', 'lexicon', 'model']).optional(),
});
export type SpokenWord = z.infer<typeof spokenWord>;

/** Persian text to phonemes, word by word. */
export const textPhonemize = request(
  'text/phonemize',
  z.object({ text: z.string().max(200_000) }),
  z.object({ words: z.array(spokenWord) }),
);
