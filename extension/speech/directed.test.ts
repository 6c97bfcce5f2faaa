import { expect, it } from 'vitest';
import { transcriptDocument } from './directed';

it('writes the text, and each part under its times, with right-to-left lines held together', () => {
  const segments = [
    { start: 0, end: 1.234, text: ' سلام.' },
    { start: 61.5, end: 3661, text: 'hello.' },
  ];
  expect(transcriptDocument({ text: 'سلام. hello.', segments })).toBe(
    '\u200fسلام. hello.\u200f\n\n0:00.00 – 0:01.23\n\u200fسلام.\u200f\n\n1:01.50 – 61:01.00\nhello.\n',
  );
});
