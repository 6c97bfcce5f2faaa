import { describe, expect, it } from 'vitest';
import { cues, transcriptFile } from './transcript';

const words = ['سلام', 'به', 'شما', '<b>', 'Goya'].map((text, i) => ({
  start: i * 0.5,
  end: i * 0.5 + 0.4,
  text,
}));
const transcript = {
  text: 'سلام به شما <b> Goya',
  segments: [...words, { start: 3661.5, end: 3662, text: 'hi.' }],
};

describe('a transcript as a file', () => {
  it('joins words to lines, and begins another after a silence, in time and in letters', () => {
    expect(cues(transcript).map(({ text, start, end }) => [text, start, end])).toEqual([
      ['سلام به شما <b> Goya', 0, 2.4],
      ['hi.', 3661.5, 3662],
    ]);
    const many = Array.from({ length: 40 }, (_, i) => ({ start: i * 0.5, end: i * 0.5 + 0.4, text: 'کلمه' }));
    for (const { start, end, text } of cues({ segments: many })) {
      expect(end - start).toBeLessThanOrEqual(6);
      expect(text.length).toBeLessThanOrEqual(42);
    }
    expect(cues({ segments: [{ start: 0, end: 1, text: ' ' }] })).toEqual([]);
  });

  it('is SubRip and WebVTT, whose right-to-left lines say so', () => {
    expect(transcriptFile(transcript, 'srt')).toBe(
      '1\n00:00:00,000 --> 00:00:02,400\n\u200fسلام به شما <b> Goya\n\n2\n01:01:01,500 --> 01:01:02,000\nhi.\n',
    );
    expect(transcriptFile(transcript, 'vtt')).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:02.400\n\u200fسلام به شما &lt;b&gt; Goya\n\n01:01:01.500 --> 01:01:02.000\nhi.\n',
    );
  });

  it('is plain text, or JSON with every segment', () => {
    expect(transcriptFile(transcript, 'txt')).toBe('سلام به شما <b> Goya\n');
    expect(JSON.parse(transcriptFile(transcript, 'json'))).toEqual(transcript);
  });
});
