/** The zero-width non-joiner (U+200C), which Persian writes between the parts of a word. */
import { rule } from './rule';

/** Arabic-script letters and the marks on them. */
const letters =
  '\\u0620-\\u063F\\u0641-\\u065F\\u066E-\\u06D3\\u06D5-\\u06ED\\u06EE\\u06EF\\u06FA-\\u06FF\\u0750-\\u077F';
/** Letters that never join the next one: after them a non-joiner changes nothing. */
const unjoined =
  '\\u0621-\\u0625\\u0627\\u0629\\u062F-\\u0632\\u0648\\u0671-\\u0673\\u0688-\\u0699\\u06C4-\\u06CB\\u06CF\\u06D5';

/**
 * What was typed for a non-joiner becomes one (the not sign of old keyboards, the zero-width space); it stays between
 * two letters that would join, once, and goes everywhere else.
 */
export const halfSpace = rule(
  { find: `(?<=[${letters}])[\\u00AC\\u200B\\u200C]+(?=[${letters}])`, to: '\u200C' },
  { find: '\\u200B', to: '' },
  { find: `(?<![${letters}])\\u200C+|\\u200C+(?![${letters}])`, to: '' },
  { find: `(?<=[${unjoined}])\\u200C`, to: '' },
);

/** For programs that treat the parts of a word as words, or the word as one. */
export const halfSpaceAsSpace = rule({ find: '\\u200C', to: ' ' });
export const halfSpaceRemoved = rule({ find: '\\u200C', to: '' });

const before = '(?<=^|[ \\n\\u00AB(])';
const after = '(?=$|[ \\n.\\u060C\\u061B\\u061F!:\\u00BB)])';
const plural =
  '\\u0647\\u0627(?:\\u06CC(?:\\u06CC|\\u0645|\\u062A|\\u0634|\\u0645\\u0627\\u0646|\\u062A\\u0627\\u0646|\\u0634\\u0627\\u0646)?)?';
const degree = '\\u062A\\u0631(?:\\u06CC\\u0646)?';

/** Verbal prefixes and the endings of plural and degree, written apart, are put to their word with a non-joiner. */
export const affixes = rule(
  { find: `${before}(\\u0646?\\u0645\\u06CC) (?=[${letters}])`, to: '$1\u200C' },
  { find: `(?<=[${letters}]) (?=(?:${plural}|${degree})${after})`, to: '\u200C' },
);
