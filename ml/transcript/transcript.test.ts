import { describe, expect, it } from 'vitest';
import { parseTranscript, transcriptOfRow } from './parse';
import { indexAt, segmentOf } from './transcript';

const times = (name: string, text: string) =>
  parseTranscript(name, text, 10)?.map(({ from, to, text: said }) => [from, to, said]);

describe('a transcript', () => {
  it('comes from subtitles', () => {
    const vtt =
      'WEBVTT\n\n00:01.500 --> 00:03.000\n<v Sara>سلام دنیا\n\n1\n01:00:00.25 --> 01:00:01.000\nدوم\nخط';
    expect(times('a.vtt', vtt)).toEqual([
      [1.5, 3, 'سلام دنیا'],
      [3600.25, 3601, 'دوم خط'],
    ]);
    expect(times('a.srt', '1\r\n00:00:00,000 --> 00:00:02,500\r\nیک\r\n')).toEqual([[0, 2.5, 'یک']]);
  });

  it('comes from label files, of Audacity and of HTK', () => {
    expect(times('a.txt', '0.0\t1.5\tسلام\n1.5\t2\tدنیا\n')).toEqual([
      [0, 1.5, 'سلام'],
      [1.5, 2, 'دنیا'],
    ]);
    expect(times('a.lab', '0 15000000 sil\n15000000 20000000 s')).toEqual([
      [0, 1.5, 'sil'],
      [1.5, 2, 's'],
    ]);
    expect(times('a.lab', 'no times here')).toBeUndefined();
  });

  it("comes from recognisers' JSON, with their words", () => {
    const whisper = {
      segments: [{ start: 0, end: 2, text: ' سلام دنیا', words: [{ start: 0.2, end: 0.9, word: ' سلام' }] }],
    };
    const [segment] = parseTranscript('a.json', JSON.stringify(whisper), 10) ?? [];
    expect(segment).toMatchObject({ text: 'سلام دنیا', estimated: false });
    expect(segment?.words).toEqual([{ from: 0.2, to: 0.9, text: 'سلام' }]);
    expect(times('a.json', JSON.stringify({ chunks: [{ timestamp: [1, 2], text: 'x' }] }))).toEqual([
      [1, 2, 'x'],
    ]);
    expect(times('a.json', '[{"start":5,"end":6,"text":"b"},{"start":1,"end":2,"text":"a"}]')).toEqual([
      [1, 2, 'a'],
      [5, 6, 'b'],
    ]);
    expect(times('a.json', '{"text":"همه"}')).toEqual([[0, 10, 'همه']]);
    for (const other of ['{', '{"a":1}', '[1]', '""']) expect(times('a.json', other)).toBeUndefined();
  });

  it('is the whole text where there are no times, shared out by letters', () => {
    const [segment] = parseTranscript('a.txt', 'سلام به دنیا', 10) ?? [];
    expect(segment?.estimated).toBe(true);
    expect(segment?.words.map(({ text }) => text)).toEqual(['سلام', 'به', 'دنیا']);
    expect(segment?.words[0]?.from).toBe(0);
    expect(segment?.words[2]?.to).toBeCloseTo(10);
    expect(parseTranscript('a.txt', ' \n', 10)).toBeUndefined();
  });

  it('comes from a table', () => {
    expect(transcriptOfRow(['a1|۱۲|دوازده', 'a2|x|'], 'a1', 3)?.[0]?.text).toBe('دوازده');
    expect(transcriptOfRow(['a1|۱۲|دوازده', 'a2|x|'], 'a2', 3)?.[0]?.text).toBe('x');
    const table = ['file_name,transcription', 'clips/b.wav,"سلام، ""دنیا"""'];
    expect(transcriptOfRow(table, 'b', 3)?.[0]?.text).toBe('سلام، "دنیا"');
    expect(transcriptOfRow(table, 'c', 3)).toBeUndefined();
    expect(transcriptOfRow(['path\tsentence', 'b.mp3\tبله'], 'b', 3)?.[0]?.text).toBe('بله');
  });

  it('knows what sounds when', () => {
    const list = [segmentOf(0, 1, 'a'), segmentOf(2, 3, 'b')];
    expect([0.5, 1, 1.5, 2, 2.9, 3].map((time) => indexAt(list, time))).toEqual([
      0,
      undefined,
      undefined,
      1,
      1,
      undefined,
    ]);
  });
});
