/** Digits of running text, told apart from those that belong to a Latin word: MP3, v1.2, https://goya.ir/page2. */
import { latinDigits, persianDigits } from './digits';

/** One class, so that a long run without a letter is looked at once. */
const token = /[A-Za-z0-9\u0660-\u0669\u06F0-\u06F9@/\\:.?&=#%+~_$€£-]+/g;
const latin = /[A-Za-z]/;

export function digitsInText(text: string, digits: 'persian' | 'latin' | 'keep'): string {
  if (digits === 'keep') return text;
  if (digits === 'latin') return latinDigits(text);
  return text.replace(token, (part) => (latin.test(part) ? part : persianDigits(part)));
}
