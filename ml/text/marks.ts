import { rule } from './rule';

/** The stroke that stretches a word. */
export const kashida = rule({ find: '\\u0640', to: '' });

/**
 * Vowel signs, tanwin, shadda, sukun, superscript alef and the signs of the Quran. Hamza and madda stay: they tell
 * letters apart.
 */
export const diacritics = rule({
  find: '[\\u0610-\\u061A\\u064B-\\u0652\\u0656-\\u065F\\u0670\\u06D6-\\u06DC\\u06DF-\\u06E4\\u06E7\\u06E8\\u06EA-\\u06ED]',
  to: '',
});
