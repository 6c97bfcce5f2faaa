import { numeral, reading, readings } from './reading';
import { unitNames } from './unitNames';

const name = Object.keys(unitNames)
  .sort((a, b) => b.length - a.length)
  .join('|');
const powers: Readonly<Record<string, string>> = {
  '2': ' مربع',
  '²': ' مربع',
  '3': ' مکعب',
  '³': ' مکعب',
};
const wholeUnit = `(?<u>${name})(?:\\^?(?<p>[23²³]))?(?: ?/ ?(?<per>${name})(?:\\^?(?<q>[23²³]))?)?(?![\\p{Script=Latin}\\d²³])`;

function sayUnit(unit = '', power = '', per?: string, perPower = ''): string {
  const counted = `${unitNames[unit] ?? ''}${powers[power] ?? ''}`;
  if (per === undefined) return counted;
  const square = perPower === '' ? '' : perPower === '2' || perPower === '²' ? 'مجذور ' : 'مکعب ';
  return `${counted} بر ${square}${unitNames[per] ?? ''}`;
}

/** ۵ km, 60 km/h, ۱۲°C, 25 m², 9.8 m/s² */
export const unitAfterNumber = reading(
  new RegExp(`(?<=\\d)(?<![A-Za-z]\\d{1,9}) ?${wholeUnit}`, 'gu'),
  ({ u, p, per, q }) => sayUnit(u, p, per, q),
);

/** چند km در روز: a unit of two letters and more without a number; km/h always. */
export const unitAlone = reading(
  new RegExp(`(?<![\\p{Script=Latin}\\d@./_-])${wholeUnit}(?![.@_-]\\w)`, 'gu'),
  ({ u = '', p, per, q }) =>
    per === undefined && !/^(?:km|cm|kg|ml|m[gm]|[KMGT]B|[kMG]Hz|°C|m[²³])$/.test(u + (p ?? ''))
      ? undefined
      : sayUnit(u, p, per, q),
);

/** ۵ تا ۷ کیلومتر/ساعت */
export const persianPer = reading(
  /(?<=(?:متر|گرم|لیتر|بیت|بایت|مایل|دلار|تومان|ریال)) ?\/ ?(?=(?:ساعت|ثانیه|دقیقه|روز|ماه|سال|کیلو|متر|لیتر|نفر))/gu,
  () => 'بر',
);

/** ٪۲۰, 20%, ۲۰ درصد, ۵‰ */
export const percent = readings([
  reading(
    new RegExp(`[%\\u066A] ?(?<minus>[-−])?(?<n>${numeral})(?! ?[%\\u066A])`, 'gu'),
    ({ n = '', minus }) => (minus === undefined ? `${n} درصد` : `منفی ${n} درصد`),
  ),
  reading(/(?<=\d) ?[%\u066A]/gu, () => 'درصد'),
  reading(/(?<=\d) ?\u2030/gu, () => 'در هزار'),
]);

/** 5'11", 15.6": feet and inches. */
export const inches = reading(/(?<=\d) ?(?:\u2033|\u201D|")(?=$|[\s.،)])/gu, (_, place) =>
  (place.before(400).match(/["\u201C\u201D]/g) ?? []).length % 2 === 0 ? 'اینچ' : undefined,
);

export const units = readings([percent, inches, unitAfterNumber, unitAlone, persianPer]);
