import { expect, it } from 'vitest';
import { transcriptDocument } from './transcriptDocument';

it('writes the text, and each part under its times, without marks of direction', () => {
  const segments = [
    { start: 0, end: 1.234, text: ' سلام.' },
    { start: 61.5, end: 3661, text: 'hello.' },
  ];
  expect(transcriptDocument({ text: 'سلام. hello.', segments })).toBe(
    'سلام. hello.\n\n0:00.00 – 0:01.23\nسلام.\n\n1:01.50 – 61:01.00\nhello.\n',
  );
});
