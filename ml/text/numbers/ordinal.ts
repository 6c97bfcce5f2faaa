import { cardinal } from './cardinal';

/** A number's words with the ending that makes an ordinal of them: سه → سوم, سی → سی‌ام, بیست → بیستم. */
function withEnding(words: string): string {
  if (/(?:^| )سه$/.test(words)) return words.replace(/سه$/, 'سوم');
  if (/(?:^| )سی$/.test(words)) return `${words}\u200Cام`;
  return `${words}م`;
}

/** `3` → سوم, `21` → بیست و یکم, `30` → سی‌ام */
export function ordinal(digits: string): string {
  return withEnding(cardinal(digits));
}

/** `12` → دوازدهمین, which stands before its noun. */
export function ordinalBefore(digits: string): string {
  return `${ordinal(digits)}ین`;
}
