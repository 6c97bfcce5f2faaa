import { cardinal } from '../numbers/cardinal';
import { reading, readings } from './reading';

const clock =
  /(?<![\d:])(?<h>[01]?\d|2[0-4]):(?<m>[0-5]\d)(?::(?<s>[0-5]\d)(?:[.\u066B]\d+)?)?(?![\d:])(?: ?(?<half>[AaPp]\.?[Mm]\b\.?|ق\.?ظ\.?|ب\.?ظ\.?))?/gu;
const afterHour = /(?<=ساعت )(?<h>[01]?\d|2[0-4])[/.](?<m>[0-5]\d)(?!\d|[/.]\d)/gu;

const halves: Readonly<Record<string, string>> = {
  a: ' صبح',
  p: ' بعد از ظهر',
  ق: ' قبل از ظهر',
  ب: ' بعد از ظهر',
};

function sayTime(hour: string, minute: string, second: string | undefined, after: string): string {
  const seconds = second === undefined || Number(second) === 0 ? '' : ` و ${cardinal(second)} ثانیه`;
  const minutes = Number(minute) === 0 ? '' : ` و ${cardinal(minute)} دقیقه`;
  const full = minutes === '' && seconds === '' && !/ساعت\S* *$/u.test(after) ? 'ساعت ' : '';
  return `${full}${cardinal(hour)}${minutes}${seconds}`;
}

/** ۱۴:۳۰, ۰۸:۰۵:۲۰, 8:30 PM */
export const clockTimes = reading(clock, ({ h = '', m = '', s, half }, place) => {
  const of = half === undefined ? '' : (halves[half.charAt(0).toLowerCase()] ?? '');
  return sayTime(h, m, s, place.before(12)) + of;
});

/** ساعت ۸/۳۰ */
export const slashedTimes = reading(afterHour, ({ h = '', m = '' }, place) =>
  sayTime(h, m, undefined, place.before(12)),
);

export const times = readings([clockTimes, slashedTimes]);
