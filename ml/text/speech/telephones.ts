/** Telephone numbers, said in the groups in which people read them out. */
import { groups, group, pause } from '../numbers/groups';
import { reading, readings } from './reading';

const digitsOf = (text: string): string => text.replace(/\D/g, '');

const country = (digits: string): string | undefined =>
  digits.startsWith('+98')
    ? `مثبت نود و هشت${pause}`
    : digits.startsWith('0098')
      ? `صفر صفر نود و هشت${pause}`
      : undefined;

/** 09121234567, +98 912 123 4567 */
export const mobile = reading(
  /(?<![\d+])(?<lead>(?:\+98|0098)[ -]?\(?0?\)?|0)(?<n>9\d{2}[ -]?\d{3}[ -]?\d{2}[ -]?\d{2})(?!\d)/gu,
  ({ lead = '', n = '' }) => {
    const rest = groups(digitsOf(n), [3, 3, 2, 2]);
    return `${country(lead) ?? 'صفر '}${rest}`;
  },
);

/** 021-88776655, (021) 8877 6655, +98 21 88776655 */
export const landline = reading(
  /(?<![\d+])(?:\((?<in>0\d{2,3})\) ?|(?<area>0[1-8]\d{1,2})[ -]|(?<plus>(?:\+98|0098)[ -]?)(?<city>[1-8]\d{1,2})[ -]?|(?<joined>0[1-8]\d)(?=\d{8}(?!\d)))(?<n>\d{3,4}[ -]?\d{4}|\d{2}(?:[ -]\d{2}){3})(?!\d)/gu,
  ({ in: inside, area, plus, city, joined, n = '' }) => {
    const digits = digitsOf(n);
    const rest = groups(digits, digits.length === 7 ? [3, 2, 2] : [2, 2, 2, 2]);
    const local = inside ?? area ?? joined;
    return local === undefined
      ? `${country(plus ?? '') ?? ''}${group(city ?? '')}${pause}${rest}`
      : `${group(local)}${pause}${rest}`;
  },
);

/** +1 555 123 4567: other countries, in the groups in which they are written. */
export const international = reading(
  /(?<![\d+])\+(?<n>\d{1,3}(?:[ -]\d{2,4}){2,5}|\d{9,15})(?!\d)/gu,
  ({ n = '' }) => {
    const parts = n.split(/[ -]/);
    const said = parts.length > 1 ? parts.map(group).join(pause) : groups(n, [2, 3, 3, 3, 4]);
    return `مثبت ${said}`;
  },
);

/** تلفن: ۸۸۷۷۶۶۵۵ */
export const localNumber = reading(
  /(?<=(?:تلفن|تلفکس|تماس|فکس|نمابر)(?: [آ-ی]{1,8})?[ :]{1,3})(?<n>\d{8}|\d{4}[ -]\d{4})(?!\d)/gu,
  ({ n = '' }) => groups(digitsOf(n), [2, 2, 2, 2]),
);

/** *780#, *100*1# */
export const serviceCode = reading(/(?<!\S)\*(?<n>\d+(?:\*\d+)*)#/gu, ({ n = '' }) => {
  const said = n.split('*').map(group).join(' ستاره ');
  return `ستاره ${said} مربع`;
});

export const telephones = readings([serviceCode, mobile, landline, international, localNumber]);
