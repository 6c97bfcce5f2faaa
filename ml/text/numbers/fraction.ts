import { cardinal } from './cardinal';
import { ordinal } from './ordinal';

/** `3`, `4` → سه چهارم; a half is نیم only after a whole. */
export function fraction(numerator: string, denominator: string): string {
  return `${cardinal(numerator)} ${ordinal(denominator)}`;
}

/** `2`, `1`, `2` → دو و نیم */
export function mixedFraction(whole: string, numerator: string, denominator: string): string {
  const part = numerator === '1' && denominator === '2' ? 'نیم' : fraction(numerator, denominator);
  return `${cardinal(whole)} و ${part}`;
}
