/** Signs of arithmetic, where numbers stand on both sides. */
import { reading, readings } from './reading';

const left = '(?<=[\\d)²³] ?)';
const right = '(?= ?[-−]?[\\d(√π])';
const sign = (signs: string, words: string) =>
  reading(new RegExp(`${left}(?:${signs})${right}`, 'gu'), () => words);

/** In a line with an equation × is a product; elsewhere it parts the sides of something: ۳×۴ متر. */
export const times = reading(new RegExp(`${left}[×xX*]${right}`, 'gu'), ({}, place) =>
  place.match === '*' || /^[^\n]{0,60}[=≈]/.test(place.after(62)) ? 'ضرب\u200Cدر' : 'در',
);

/** ۵ − ۳ with the sign of mathematics, or a hyphen in an equation. */
export const minus = readings([
  sign('−', 'منهای'),
  reading(/(?<=[\d)] ?)[-–](?= ?\d+ ?(?:[-+×*÷/−] ?\d+ ?){0,8}=)/gu, () => 'منهای'),
]);

export const powers = readings([
  reading(/(?<=[\p{L}\d)]) ?\^ ?(?<n>\d+)/gu, ({ n = '' }) => `به توان ${n}`),
  reading(/(?<=[\p{L}\d)])²/gu, () => 'به توان 2'),
  reading(/(?<=[\p{L}\d)])³/gu, () => 'به توان 3'),
  reading(/√ ?(?=\d)/gu, () => 'جذر'),
]);

export const operations = readings([
  sign('\\+', 'به\u200Cعلاوه'),
  sign('÷', 'تقسیم بر'),
  sign('±', 'مثبت منفی'),
  sign('≤|⩽|<=', 'کوچک\u200Cتر یا مساوی'),
  sign('≥|⩾|>=', 'بزرگ\u200Cتر یا مساوی'),
  sign('≠|!=', 'نامساوی'),
  sign('≈|≃', 'تقریبا مساوی'),
  sign('<', 'کوچک\u200Cتر از'),
  sign('>', 'بزرگ\u200Cتر از'),
  sign('==?', 'مساوی'),
]);

export const mathematics = readings([times, minus, operations, powers]);
