/** Letters that look alike and are typed for one another. Code points are escaped: the glyphs cannot be told apart. */
import { rule } from './rule';

/** Canonical composition: a letter with a separate hamza or madda becomes the one letter. */
export const composed = rule({ form: 'NFC' });

/** Letters stored by their shape (initial, medial, ligature), as old programs and PDF files do. */
export const presentationForms = rule({ find: '[\\uFB50-\\uFDFF\\uFE70-\\uFEFC]+', form: 'NFKC' });

/** Arabic yeh, alef maksura, yeh with tail and Urdu yeh barree become Persian yeh. */
export const yeh = rule(
  { find: '[\\u0649\\u064A\\u06CD\\u06D2]', to: '\u06CC' },
  // Unicode composes the hamza with the Arabic yeh only.
  { find: '\\u06CC\\u0654', to: '\u0626' },
  { find: '\\u06D3', to: '\u0626' },
);

/** Arabic kaf and swash kaf become Persian keheh. */
export const kaf = rule({ find: '[\\u0643\\u06AA]', to: '\u06A9' });

/**
 * Urdu heh goal, heh doachashmee and Kurdish ae become heh; each of them with a hamza becomes heh and hamza, as the
 * Persian ezafe is written. Teh marbuta is another letter and stays.
 */
export const heh = rule(
  { find: '[\\u06C0\\u06C2]', to: '\u0647\u0654' },
  { find: '[\\u06BE\\u06C1\\u06D5]', to: '\u0647' },
);
