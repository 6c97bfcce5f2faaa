/** Numbers that name something (telephones, cards, codes) are said in groups, as people read them out. */
import { cardinal, spelled } from './cardinal';

/** Each of these is followed by a pause. */
export const pause = '، ';

/** `05` → صفر پنج, `007` → صفر صفر هفت, `123` → صد و بیست و سه, `6037` → شصت سی و هفت */
export function group(digits: string): string {
  const zeros = /^0*/.exec(digits)?.[0] ?? '';
  const rest = digits.slice(zeros.length);
  if (rest === '') return spelled(zeros);
  if (zeros !== '' && rest.length <= 3) return `${spelled(zeros)} ${cardinal(rest)}`;
  return digits.length <= 3 ? cardinal(digits) : inPairs(digits);
}

function inPairs(digits: string): string {
  return (digits.match(/.{1,2}/g) ?? []).map(group).join(' ');
}

/** Cuts at these lengths; what is left over makes a group of its own. */
export function groups(digits: string, lengths: readonly number[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const length of lengths) {
    parts.push(digits.slice(at, at + length));
    at += length;
  }
  parts.push(digits.slice(at));
  return parts
    .filter((part) => part !== '')
    .map(group)
    .join(pause);
}

/** A code of any length: threes, with a four at the end where one digit would be left alone. */
export function code(digits: string): string {
  const count = Math.max(1, Math.floor(digits.length / 3));
  const lengths = Array.from({ length: count }, () => 3);
  if (digits.length % 3 === 1) lengths[count - 1] = 4;
  return groups(digits, lengths);
}
