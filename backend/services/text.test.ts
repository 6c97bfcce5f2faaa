import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numberWords } from '../../ml/g2p/numberWords';
import type { InferenceParams, InferenceResult } from '../../protocol/model/inference';
import { keyOf, readPacked } from './lexicon';
import { TextService } from './text';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-text-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** In the model's place: says which words it was asked for, and spells them. */
function service(lexicon?: string, modelPath = folder) {
  const asked: unknown[] = [];
  const run = ({ input }: InferenceParams): Promise<InferenceResult> => {
    asked.push(input.values);
    const words = (input.values as string[]).map((word) => ({ word, phonemes: Array.from(word) }));
    return Promise.resolve({
      task: 'grapheme-to-phoneme',
      engine: 'cpu',
      output: { values: { words } },
      timings: { loadMs: 0, runMs: 0 },
    });
  };
  const settings = () => (lexicon === undefined ? {} : { text: { lexicon } });
  const text = new TextService({ inference: { run }, settings, workspacePath: folder, modelPath });
  const { signal } = new AbortController();
  return {
    asked,
    service: text,
    signal,
    phonemize: (given: string) => text.phonemize(given, signal),
  };
}

describe('text/phonemize', () => {
  it('asks the model for each word once, normalised, without punctuation', async () => {
    const { asked, phonemize } = service();
    const words = await phonemize('سلام، كتاب! سلام');
    expect(words.map(({ word }) => word)).toEqual(['سلام', 'کتاب', 'سلام']);
    expect(words[2]?.phonemes).toEqual(['س', 'ل', 'ا', 'م']);
    expect(asked).toEqual([['سلام', 'کتاب']]);
  });

  it('says numbers, dates and Latin words in words, each with its phonemes', async () => {
    const { phonemize } = service();
    const words = await phonemize('۱۲ USB در ۱۴۰۲/۰۵/۱۲');
    expect(words.map(({ word }) => word).join(' ')).toBe(
      'دوازده یواس\u200Cبی در دوازدهم مرداد هزار و چهارصد و دو',
    );
    expect(words.every(({ phonemes }) => phonemes.length > 0)).toBe(true);
  });

  it('lets the project say how its Latin words and numbers sound', async () => {
    await writeFile(path.join(folder, 'terms.tsv'), 'USB\tj uː\n7\th æ f\n');
    const words = await service('terms.tsv').phonemize('۲ USB، ۷ نفر و 8');
    expect(words.map(({ word, source }) => `${word} ${source ?? ''}`)).toEqual([
      'دو lexicon',
      'USB project',
      '۷ project',
      'نفر model',
      'و model',
      'هشت lexicon',
    ]);
  });

  it('asks nobody about an empty text', async () => {
    const { asked, phonemize } = service();
    expect(await phonemize(' … ')).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('takes the first line of the lexicon, however the word is written, and reads it again when it changes', async () => {
    await writeFile(path.join(folder, 'own.tsv'), '# names\nمی‌روم\tm iː ɾ æ m\nمیروم\tx\n\nکتاب\tk\r\n');
    const { asked, phonemize } = service('own.tsv');
    const words = await phonemize('میروم كتاب سلام');
    expect(words.map(({ phonemes }) => phonemes.join(' '))).toEqual(['m iː ɾ æ m', 'k', 'س ل ا م']);
    expect(asked).toEqual([['سلام']]);
    await writeFile(path.join(folder, 'own.tsv'), 'سلام\ts æ l ɒː m\n');
    expect((await phonemize('سلام'))[0]?.phonemes).toEqual(['s', 'æ', 'l', 'ɒː', 'm']);
  });

  it('knows the words of the lexicon beside the model, and says who answered', async () => {
    const beside = await mkdtemp(path.join(folder, 'model-'));
    await writeFile(
      path.join(beside, 'lexicon.tsv.gz'),
      gzipSync('دنیا\td o n j ɒː\nمیروم\tm iː ɾ æ v æ m\n'),
    );
    await writeFile(path.join(folder, 'mine.tsv'), 'گویا\tg uː j ɒː\n');
    const { asked, phonemize } = service('mine.tsv', beside);
    expect(await phonemize('گویا دنيا می‌روم تازه')).toEqual([
      { word: 'گویا', phonemes: ['g', 'uː', 'j', 'ɒː'], source: 'project' },
      { word: 'دنیا', phonemes: ['d', 'o', 'n', 'j', 'ɒː'], source: 'lexicon' },
      { word: 'می‌روم', phonemes: ['m', 'iː', 'ɾ', 'æ', 'v', 'æ', 'm'], source: 'lexicon' },
      { word: 'تازه', phonemes: ['ت', 'ا', 'ز', 'ه'], source: 'model' },
    ]);
    expect(asked).toEqual([['تازه']]);
    await writeFile(path.join(beside, 'lexicon.tsv.gz'), 'no gzip');
    await expect(service(undefined, beside).phonemize('دنیا')).rejects.toMatchObject({
      kind: 'model.corrupt',
    });
  });

  it('says the words of numbers and dates right, with phonemes that the model has', async () => {
    const { asked, phonemize } = service();
    const words = await phonemize('۱۲ و ۷۵۹، ۱۴:۳۰؛ ۳۰م تیر');
    expect(words.slice(0, 2).map(({ phonemes }) => phonemes.join(''))).toEqual(['dævɒːzdæh', 'و']);
    expect(asked.flat()).toEqual(['و', 'نه', 'دقیقه']);
    const model = await readFile(path.resolve('assets/g2p-fa/goya.json'), 'utf8');
    const { labels } = JSON.parse(model) as { labels: string[] };
    const used = new Set([...numberWords.values()].flatMap((phonemes) => phonemes.split(' ')));
    expect([...used].filter((phoneme) => !labels.includes(phoneme))).toEqual([]);
  });

  it('ships with a lexicon whose words are found as they are looked up', async () => {
    const words = [...(await readPacked(path.resolve('assets/g2p-fa')))];
    expect(words.length).toBeGreaterThan(40_000);
    const lost = words.filter(([word], i) => i % 20 === 0 && keyOf(word) !== word);
    expect(lost).toEqual([]);
    expect(words.every(([, phonemes]) => /^\S+( \S+)*$/.test(phonemes))).toBe(true);
  });

  it('names the line that is wrong, and the file that is not there', async () => {
    await writeFile(path.join(folder, 'bad.tsv'), 'سلام\ts\nکتاب\n');
    await expect(service('bad.tsv').phonemize('سلام')).rejects.toMatchObject({
      kind: 'dataset.unsupported',
      message: expect.stringContaining('Line 2') as string,
    });
    await expect(service('absent.tsv').phonemize('سلام')).rejects.toMatchObject({ kind: 'dataset.notFound' });
  });
});

describe('text/normalize and text/verbalize', () => {
  it('take their options, and join the pieces of a long text without a seam', async () => {
    const { service: text, signal } = service();
    expect(await text.normalize({ text: ' كتاب هاي 12 ' }, signal)).toBe('کتاب\u200Cهای ۱۲');
    expect(await text.normalize({ text: 'مُدیر 12', digits: 'keep', diacritics: 'keep' }, signal)).toBe(
      'مُدیر 12',
    );
    expect(await text.verbalize({ text: '۲۰٪' }, signal)).toBe('بیست درصد');
    const lines = Array.from({ length: 5000 }, (_, i) => `  سطر ${i + 1}`).join('\n\n');
    const kept = await text.verbalize({ text: lines, layout: 'keep' }, signal);
    expect(kept.split('\n')).toHaveLength(9999);
    expect(kept.startsWith('  سطر یک\n\n  سطر دو\n')).toBe(true);
    expect((await text.verbalize({ text: lines }, signal)).split('\n')).toHaveLength(5000);
  });

  it('leave the thread to others between pieces, and stop when they are told to', async () => {
    const { service: text } = service();
    const stop = new AbortController();
    const long = text.verbalize({ text: 'سطر ۱۲\n'.repeat(100_000) }, stop.signal);
    setImmediate(() => stop.abort(new Error('enough')));
    await expect(long).rejects.toThrow('enough');
  });
});
