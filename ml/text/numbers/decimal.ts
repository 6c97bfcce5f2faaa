import { cardinal, spelled } from './cardinal';

const places = ['', 'دهم', 'صدم', 'هزارم', 'ده\u200Cهزارم', 'صدهزارم', 'میلیونم'] as const;

/** `3`, `14` → سه ممیز چهارده صدم. A fraction of more than six places is said digit by digit. */
export function decimal(whole: string, fraction: string): string {
  const point = `${cardinal(whole)} ممیز `;
  if (/^0+$/.test(fraction)) return `${point}صفر`;
  const place = places[fraction.length];
  return point + (place === undefined ? spelled(fraction) : `${cardinal(fraction)} ${place}`);
}

/** With zeros before it a whole number is a code, said as it is written: `007` → صفر صفر هفت. */
export function whole(digits: string): string {
  return digits.length > 1 && digits.startsWith('0') ? spelled(digits) : cardinal(digits);
}
