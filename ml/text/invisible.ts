import { rule } from './rule';

/** Marks that only turn the direction of writing. */
export const bidiControls = rule({ find: '[\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]', to: '' });

/**
 * Control characters but tab and line breaks, byte order marks, soft hyphens, word joiners, halves of surrogate pairs.
 * A zero-width joiner means something between the parts of an emoji only.
 */
export const controls = rule(
  {
    find: '[\\0-\\x08\\x0E-\\x1F\\x7F-\\x84\\x86-\\x9F\\u00AD\\u2060-\\u2064\\uFEFF\\uFFF9-\\uFFFB\\p{Cs}]',
    to: '',
  },
  {
    find: '(?<![\\p{Extended_Pictographic}\\p{EMod}\\uFE0F])\\u200D|\\u200D(?!\\p{Extended_Pictographic})',
    to: '',
  },
);
