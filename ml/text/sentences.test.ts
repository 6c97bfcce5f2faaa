import { expect, it } from 'vitest';
import { splitSentences } from './sentences';

const cases: readonly (readonly string[])[] = [
  ['سلام.', 'حال شما چطور است؟', 'خوبم!'],
  ['او رفت…', 'ما ماندیم.'],
  ['عدد پی ۳.۱۴ است.', 'این درست است.'],
  ['د. احمدی با م. رضایی آمد.', 'بعد رفت.'],
  ['در سال ۵۵۰ ق.م. جنگ شد.', 'ایران پیروز شد.'],
  ['ص. ۱۲ را ببینید.'],
  ['«کجا می‌روی؟» پرسید علی.', 'من جواب ندادم.'],
  ['«به خانه رفتم.»', 'بعد خوابید.'],
  ['گفت: «سلام. خوبی؟ من خوبم.»', 'و رفت.'],
  ['واقعاً؟!', 'باورم نمی‌شود!!!', 'بله.'],
  ['نشانی www.goya.ir است.', 'ببینید.'],
  ['۱. مورد نخست است.'],
  ['(او آمد.)', 'ما رفتیم.'],
  ['نسخهٔ ۲.۱.۳ منتشر شد.', 'مبارک است.'],
  ['بدون نقطه'],
  ['Mr. Smith آمد.', 'رفت.'],
];

it.each(cases.map((sentences) => [sentences.join(' '), sentences] as const))('%s', (text, sentences) => {
  expect(splitSentences(text)).toEqual(sentences);
});

it('ends a sentence with its line, whatever is open', () => {
  expect(splitSentences('عنوان\nمتن «باز.\n\nسوم.\r\nچهارم')).toEqual([
    'عنوان',
    'متن «باز.',
    'سوم.',
    'چهارم',
  ]);
  expect(splitSentences(' \n ')).toEqual([]);
});

it('splits a long text, and one of marks alone, in a moment', () => {
  expect(splitSentences('سلام دنیا. '.repeat(100_000))).toHaveLength(100_000);
  expect(splitSentences('.'.repeat(200_000))).toHaveLength(1);
  expect(splitSentences('«'.repeat(200_000))).toHaveLength(1);
});
