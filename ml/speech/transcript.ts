/**
 * What a recogniser writes, and what its error rates compare: normalised Persian letters and single spaces, without
 * punctuation, symbols and capital letters, none of which can be heard.
 */
import { normalize } from '../text/normalize';

const nonJoiner = '\u200c';

/** A transcript as a recogniser learns it: half spaces stay, since spelling wants them. */
export function transcriptOf(text: string): string {
  const normal = normalize(text, { punctuation: false }).toLowerCase();
  return normal
    .replace(/[^\p{L}\p{M}\p{N}\u200c\s]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** For the normalised error rates: a half space, which cannot be heard either, counts as a space. */
export function comparedTranscript(text: string): string {
  return transcriptOf(text).replaceAll(nonJoiner, ' ').replace(/ +/g, ' ').trim();
}
