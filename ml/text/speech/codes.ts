/** Cards, accounts, identity numbers, codes: said in groups, never as a number of millions. */
import {
  getBankNameFromCardNumber,
  verifyCardNumber,
  verifyIranianNationalId,
} from '@persian-tools/persian-tools';
import { code, group, groups, pause } from '../numbers/groups';
import { reading, readings } from './reading';

const fours = (digits: string): string => groups(digits, [4, 4, 4, 4, 4, 4]);

/** 6037-9975-1234-5678, and sixteen digits in a row of a bank's, or whose check digit is right. */
export const bankCard = reading(
  /(?<![\d.,/-])(?<n>\d{4}(?<s>[ -])\d{4}\k<s>\d{4}\k<s>\d{4}|\d{16})(?![\d]|[.,/-]\d)/gu,
  ({ n = '', s }) => {
    const digits = n.replace(/\D/g, '');
    const card = s !== undefined || getBankNameFromCardNumber(digits) || verifyCardNumber(Number(digits));
    return card ? fours(digits) : undefined;
  },
);

/** IR06 0960 0000 0010 0324 2000 01 */
export const accountNumber = reading(/\bIR ?(?<n>\d{2}(?: ?\d){22})(?!\d)/giu, ({ n = '' }) => {
  return `آی\u200Cآر${pause}${groups(n.replace(/ /g, ''), [2, 4, 4, 4, 4, 4, 2])}`;
});

const named =
  'کد ?ملی|شماره\u200C?ی? ?ملی|کد ?پستی|شماره\u200C?ی? (?:حساب|کارت|شبا|پرونده|شناسنامه|پیگیری|سریال|گذرنامه|پرواز|مشتری|قرارداد|نامه)|کد (?:رهگیری|پیگیری|تایید|تأیید|فعال\u200Cسازی|تخفیف|دستوری)|شناسه(?:\u200Cی)?(?: ملی| پرداخت| قبض)?|رمز(?: عبور| دوم| پویا)?|سریال|پین|بارکد';

/** کد ملی ۰۰۱۲۳۴۵۶۷۹, شناسهٔ پرداخت ۱۲۳۴۵۶: five digits and more after the word for a code. */
export const namedCode = reading(
  new RegExp(
    `(?<=(?:${named})(?: (?:من|او|شما|ما|آن|این|است|شماره))?(?: ?: ?| ))(?<n>\\d{5,}|\\d{2,}(?:-\\d{1,}){1,4})(?![\\d.,/])`,
    'gu',
  ),
  ({ n = '' }) =>
    n.includes('-')
      ? n.split('-').map(group).join(pause)
      : n.length === 16
        ? fours(n)
        : n.length === 10
          ? groups(n, [3, 3, 4])
          : code(n),
);

/** Ten digits in a row that are somebody's: the check digit and the place of birth are right. */
export const nationalId = reading(
  /(?<![\d.,/+$€£-])(?<n>\d{10})(?![\d.,/]|[ ]?(?:ریال|تومان|دلار|یورو|نفر|میلی|٪|%|درصد))/gu,
  ({ n = '' }) =>
    n.startsWith('0') || (verifyIranianNationalId(n) && !n.endsWith('000'))
      ? groups(n, [3, 3, 4])
      : undefined,
);

/** 123-456-789: three groups and more are a number of something. */
export const dashedCode = reading(
  /(?<![\d.,/-])(?<n>\d{1,6}(?:-\d{1,6}){2,6})(?!\d|[-.,/]\d)/gu,
  ({ n = '' }) => n.split('-').map(group).join(pause),
);

export const codes = readings([accountNumber, bankCard, namedCode, nationalId, dashedCode]);
