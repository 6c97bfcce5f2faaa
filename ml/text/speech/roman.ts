/** Roman numerals after the words that they number: kings, centuries, volumes. Elsewhere I and V are letters. */
import { ordinal } from '../numbers/ordinal';
import { reading } from './reading';

const values: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100, D: 500, M: 1000 };
const wellFormed = /^M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$/;

/** Undefined for letters that are no number. */
export function romanValue(numeral: string): number | undefined {
  if (numeral === '' || !wellFormed.test(numeral)) return undefined;
  const digits = Array.from(numeral, (letter) => values[letter] ?? 0);
  return digits.reduce((sum, value, i) => sum + (value < (digits[i + 1] ?? 0) ? -value : value), 0);
}

const numbered =
  'قرن|سده(?:\u200Cی|\u0654)?|هزاره(?:\u200Cی|\u0654)?|فصل|جلد|بخش|قسمت|پرده(?:\u200Cی|\u0654)?|فاز|مرحله(?:\u200Cی|\u0654)?|جنگ جهانی|نسل|نوع|گروه|کتاب|ضمیمه(?:\u200Cی|\u0654)?|لویی|لوئی|هنری|ناپلئون|پاپ|پل|بندیکت|لئو|پیوس|الیزابت|چارلز|شارل|جرج|جورج|ژرژ|ادوارد|ویلیام|ویلهلم|فیلیپ|نیکلای|نیکولای|آلکساندر|الکساندر|پتر|پطر|کاترین|فردریک|ریچارد|جیمز|فرانسوا|لئوپولد|کارل|خوان کارلوس|داریوش|شاپور|یزدگرد|خسرو|اردشیر';

export const romanNumerals = reading(
  new RegExp(`(?<=(?:${numbered}) ?)(?<n>[IVXLCDM]{1,15}|[\u2160-\u217F]{1,4})(?![A-Za-z0-9-])`, 'gu'),
  ({ n = '' }) => {
    const value = romanValue(n.normalize('NFKC').toUpperCase());
    return value === undefined ? undefined : ordinal(String(value));
  },
);
