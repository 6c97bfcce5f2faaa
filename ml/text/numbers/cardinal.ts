/** Whole numbers in Persian words. Digits are ASCII; numbers may be longer than a `number` can hold. */

const below20: readonly string[] =
  'صفر یک دو سه چهار پنج شش هفت هشت نه ده یازده دوازده سیزده چهارده پانزده شانزده هفده هجده نوزده'.split(' ');
const tens: readonly string[] = '- - بیست سی چهل پنجاه شصت هفتاد هشتاد نود'.split(' ');
const hundreds: readonly string[] = '- صد دویست سیصد چهارصد پانصد ششصد هفتصد هشتصد نهصد'.split(' ');
/** Powers of a thousand, the short scale, as Persian counts. */
const scales: readonly string[] =
  '- هزار میلیون میلیارد تریلیون کوادریلیون کوینتیلیون سکستیلیون سپتیلیون اکتیلیون نونیلیون دسیلیون'.split(
    ' ',
  );
const mostDigits = scales.length * 3;

/** Parts of a number are joined by it. */
const and = ' و ';

/** 1 to 999. */
function belowThousand(value: number): string {
  const [hundred, rest] = [Math.floor(value / 100), value % 100];
  const [ten, one] = rest < 20 ? [0, rest] : [Math.floor(rest / 10), rest % 10];
  const parts = [hundred > 0 && hundreds[hundred], ten > 0 && tens[ten], one > 0 && below20[one]];
  return parts.filter(Boolean).join(and);
}

/** `1403` → هزار و چهارصد و سه. Zeros before it do not count; over 36 digits are said one by one. */
export function cardinal(digits: string): string {
  const significant = digits.replace(/^0+(?=\d)/, '');
  if (significant === '0') return below20[0] ?? '';
  if (significant.length > mostDigits) return spelled(significant);
  const groups: string[] = [];
  for (let end = significant.length, scale = 0; end > 0; end -= 3, scale++) {
    const value = Number(significant.slice(Math.max(0, end - 3), end));
    if (value === 0) continue;
    // A thousand is said without its one, a million is not.
    const count = scale === 1 && value === 1 ? '' : belowThousand(value);
    groups.unshift([count, scale > 0 && scales[scale]].filter(Boolean).join(' '));
  }
  return groups.join(and);
}

/** `007` → صفر صفر هفت */
export function spelled(digits: string): string {
  return Array.from(digits, (digit) => below20[Number(digit)] ?? '').join(' ');
}
