import { describe, expect, it } from 'vitest';
import { CharacterPrior } from '../ctc/characterPrior';
import { decodeWords, textOfClasses } from './decodeSpeech';
import { normalizeUtterance, SpeechFeatures, speechFeatureOptions } from './features';
import { comparedTranscript, transcriptOf } from './transcript';

describe('transcripts', () => {
  it.each([
    ['سلام، دنيا! «خوبي؟»', 'سلام دنیا خوبی'],
    ['می‌روم\u00a0به  خانه.', 'می‌روم به خانه'],
    ['Goya گویا (VS Code)', 'goya گویا vs code'],
    ['… — ،', ''],
  ])('of %s', (text, transcript) => {
    expect(transcriptOf(text)).toBe(transcript);
    expect(transcriptOf(transcript)).toBe(transcript);
  });

  it('compare half spaces as spaces', () => {
    expect(comparedTranscript('می‌روم')).toBe(comparedTranscript('می روم'));
  });
});

describe('features', () => {
  const options = speechFeatureOptions(16_000, 40);
  const features = new SpeechFeatures(options);
  const tone = (rate: number, gain: number): Float32Array =>
    Float32Array.from({ length: rate / 2 }, (_, i) => gain * Math.sin((2 * Math.PI * 700 * i) / rate));

  it('are a frame every 10 ms, whatever the loudness and the rate', () => {
    const loud = features.energies(tone(16_000, 0.9), 16_000);
    const faint = features.energies(tone(48_000, 0.05), 48_000);
    expect(loud.frames).toBe(51);
    expect(faint.frames).toBe(51);
    const loudest = (data: Float32Array): number =>
      data.subarray(20 * 40, 21 * 40).indexOf(Math.max(...data.subarray(20 * 40, 21 * 40)));
    expect(loudest(faint.data)).toBe(loudest(loud.data));
  });

  it('of silence are finite, of too little sound an error', () => {
    expect(features.energies(new Float32Array(1600), 16_000).data.every(Number.isFinite)).toBe(true);
    expect(() => features.energies(new Float32Array(100), 16_000)).toThrow(/too short/);
  });

  it('lose what is the same in every frame', () => {
    const data = Float32Array.from({ length: 6 * 2 }, (_, i) => (i % 2 === 0 ? 5 : i));
    normalizeUtterance(data, [1, 2]);
    for (let i = 0; i < data.length; i += 2) expect(data[i]).toBe(0);
    const sum = data.reduce((total, value) => total + value, 0);
    expect(sum).toBeCloseTo(0, 5);
  });
});

describe('words', () => {
  it('stand where their letters were heard', () => {
    const labels = ['', ' ', 'ا', 'ب'];
    const heard = [0, 3, 2, 3, 1, 1, 2, 0, 3, 0];
    const scores = new Float32Array(heard.length * 4);
    heard.forEach((one, t) => (scores[t * 4 + one] = 9));
    const decoding = { labels, units: 'characters' as const, width: 4, weight: 0.5, perCharacter: 0.5 };
    const words = [
      { text: 'باب', start: 1, end: 4 },
      { text: 'اب', start: 6, end: 9 },
    ];
    expect(decodeWords(scores, heard.length, decoding)).toEqual(words);
    const prior = CharacterPrior.count(['باب اب'], 3);
    expect(decodeWords(scores, heard.length, { ...decoding, prior })).toEqual(words);
  });

  it('are phonemes, each by itself, where those are what is written', () => {
    const labels = ['', 'tʃ', 'ɒː'];
    const scores = new Float32Array([9, 0, 0, 0, 9, 0, 0, 0, 9, 9, 0, 0]);
    const decoding = { labels, units: 'phonemes' as const, width: 4, weight: 0.5, perCharacter: 0.5 };
    expect(decodeWords(scores, 4, decoding)).toEqual([
      { text: 'tʃ', start: 1, end: 2 },
      { text: 'ɒː', start: 2, end: 3 },
    ]);
    expect(textOfClasses([1, 2], decoding)).toBe('tʃ ɒː');
  });
});
