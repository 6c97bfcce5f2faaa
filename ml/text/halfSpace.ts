/** The zero-width non-joiner (U+200C), which Persian writes between the parts of a word. */
import { letters } from './letterClasses';
import { rule } from './rule';

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
