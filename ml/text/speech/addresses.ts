/** E-mail and web addresses, said so that one could write them down. */
import { whole } from '../numbers/decimal';
import { spellLatin } from './latin';
import { latinWords } from './latinWords';
import { reading, readings } from './reading';

const signs: Readonly<Record<string, string>> = {
  '.': 'دات',
  '@': 'ات\u200Cساین',
  '/': 'اسلش',
  '\\': 'بک\u200Cاسلش',
  '-': 'خط تیره',
  _: 'آندرلاین',
  ':': 'دونقطه',
  '?': 'علامت سوال',
  '=': 'مساوی',
  '&': 'اند',
  '#': 'شارپ',
  '%': 'درصد',
  '+': 'به\u200Cعلاوه',
  '~': 'مد',
};

/** Known words are said, others spelled. */
function sayAddress(address: string): string {
  const parts = address.match(/[A-Za-z]+|\d+|[^\sA-Za-z\d]/g) ?? [];
  return parts
    .map((part) => {
      if (/^\d/.test(part)) return whole(part);
      if (/^[A-Za-z]/.test(part)) return latinWords.get(part.toLowerCase()) ?? spellLatin(part);
      return signs[part] ?? part;
    })
    .join(' ');
}

const host = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\\.[A-Za-z0-9-]{1,63}){0,6}';

export const emails = reading(
  new RegExp(
    `(?<![A-Za-z0-9._%+-])(?<a>[A-Za-z0-9._%+-]{1,64}@${host}\\.[A-Za-z]{2,24})(?![A-Za-z0-9-])`,
    'gu',
  ),
  ({ a = '' }) => sayAddress(a),
);

/** The scheme goes unsaid; a slash or a point at the end is not part of it. */
export const webAddresses = reading(
  new RegExp(
    `(?<![A-Za-z0-9._@-])(?:(?:https?|ftp)://(?<a>${host}(?::\\d{1,5})?(?:[/?#][^\\s«»،؛؟()<>"\\p{Script=Arabic}]{0,2000})?)|(?<b>(?:www\\.${host}|${host}\\.(?:com|org|net|ir|info|edu|gov|io|ai|dev|co|me|app|blog))(?:/[^\\s«»،؛؟()<>"\\p{Script=Arabic}]{0,2000})?)(?![A-Za-z0-9@-]))`,
    'gu',
  ),
  ({ a, b }) => {
    const address = (a ?? b ?? '').replace(/[.,;:!?]+$/, '');
    const end = /[.,;:!?]+$/.exec(a ?? b ?? '')?.[0] ?? '';
    return sayAddress(address.replace(/\/$/, '')) + (end === '' ? '' : end.charAt(0));
  },
);

/** @goya_ir */
export const handles = reading(
  /(?<![\p{L}\p{N}.])@(?<h>[A-Za-z][A-Za-z0-9_.]{1,38}[A-Za-z0-9])/gu,
  ({ h = '' }) => `${signs['@'] ?? ''} ${sayAddress(h)}`,
);

export const addresses = readings([emails, webAddresses, handles]);
