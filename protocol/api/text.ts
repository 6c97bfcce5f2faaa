import * as z from 'zod';
import { request } from '../wire/spec';

/** `keep` leaves line breaks, tabs and the margins of lines as they are; `tidy`, the default, sets them right too. */
const layout = z.enum(['tidy', 'keep']);
/** Longer texts are sent in parts. */
const mostCharacters = 2_000_000;

/** Persian text as its orthography wants it: letters, half spaces, digits, spaces and punctuation. */
export const textNormalize = request(
  'text/normalize',
  z.object({
    text: z.string().max(mostCharacters),
    /** The form that digits take outside Latin words; Persian by default. */
    digits: z.enum(['persian', 'latin', 'keep']).optional(),
    /** Vowel signs; removed by default. */
    diacritics: z.enum(['remove', 'keep']).optional(),
    layout: layout.optional(),
  }),
  z.object({ text: z.string() }),
);

/** Everything that a voice must say, in Persian words: only Persian letters, half spaces, spaces and pauses remain. */
export const textVerbalize = request(
  'text/verbalize',
  z.object({ text: z.string().max(mostCharacters), layout: layout.optional() }),
  z.object({ text: z.string() }),
);

export const spokenWord = z.object({
  /** As it stands in the verbalised text; a word of the project's lexicon as it is written. */
  word: z.string(),
  /** IPA; empty for a word that nobody can say. */
  phonemes: z.array(z.string()),
  /** Who says so: the project's lexicon, the one that ships with Goya, or the model. Absent without phonemes. */
  source: z.enum(['project', 'lexicon', 'model']).optional(),
});
export type SpokenWord = z.infer<typeof spokenWord>;

/** Persian text to phonemes, word by word, after everything in it has been put into words. */
export const textPhonemize = request(
  'text/phonemize',
  z.object({ text: z.string().max(200_000) }),
  z.object({ words: z.array(spokenWord) }),
);
