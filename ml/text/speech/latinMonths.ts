/** Dates with English names of months: 12 May 2023, May 12, 2023. */
import { ordinal } from '../numbers/ordinal';
import { latinWords } from './latinWords';
import { reading, readings } from './reading';

const name =
  '(?<month>January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\\b\\.?';
const persian = (month: string): string =>
  month === 'May' ? 'مه' : (latinWords.get(month.slice(0, 3).toLowerCase()) ?? '');

export const latinMonths = readings([
  reading(
    new RegExp(`(?<!\\d)(?<d>[0-3]?\\d)(?:st|nd|rd|th)? (?:of )?${name},?`, 'gu'),
    ({ d = '', month = '' }) => {
      return `${ordinal(d)} ${persian(month)}`;
    },
  ),
  reading(
    new RegExp(`\\b${name} (?<d>[0-3]?\\d)(?:st|nd|rd|th)?(?!\\d|[:.]\\d),?`, 'gu'),
    ({ d = '', month = '' }) => {
      return `${ordinal(d)} ${persian(month)}`;
    },
  ),
]);
