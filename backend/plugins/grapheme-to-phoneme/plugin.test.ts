import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainingOptions } from '../../sdk/options';
import { Random } from '../../sdk/random';
import { Swapper, steadyLetters } from './augment';
import { dataOptions, modelOptions } from './config';
import { findWords, splitByStem } from './data';
import { errorRates, nothing } from './evaluate';
import { stemOf, type Entry } from './lexicon';
import { Sampler } from './sampling';
import { withhold } from './withheld';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-lexicon-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const good = Array.from({ length: 30 }, (_, i) => {
  const letters = ['b', 'd', 'f'].map((_, at) => 'bdfgkmnpst'[(i * (at + 1)) % 10] ?? 'b');
  return `${letters.join('a')}${'xyz'[i % 3] ?? ''}\t${letters.join(' a ')} ${'xyz'[i % 3] ?? ''}`;
});

async function inspect(lines: readonly string[], data: object = {}, model: object = {}) {
  await writeFile(path.join(folder, 'words.tsv'), lines.join('\n'));
  const config = {
    data: dataOptions.parse({ path: 'words.tsv', ...data }),
    model: modelOptions.parse(model),
    training: trainingOptions.parse({ batchSize: 8 }),
    resolve: (relative: string) => path.resolve(folder, relative),
  };
  const { problems } = await findWords(config, new AbortController().signal);
  return problems.map(({ severity, path: at, message }) => `${severity} ${at} ${message}`);
}

const entry = (word: string, phonemes: string, stem = word, line = 1): Entry => ({
  line,
  word,
  letters: Array.from(word),
  phonemes: phonemes.split(' '),
  stem,
});

describe('inspection', () => {
  it('finds nothing wrong with a good lexicon', async () => {
    expect(await inspect(good)).toEqual([]);
  });

  it.each<[string, string, RegExp]>([
    ['no tab', 'word', /^error \/data\/path Line 31: "word" has no tab/],
    ['no phonemes', 'word\t ', /^error .* Line 31: "word" has no phonemes/],
    ['no word', '\u200c\ta b', /^error .* Line 31: the word is empty/],
    ['an endless word', `${'b'.repeat(5000)}\tb`, /^error .* Line 31: "b{20}…" has 5000 letters/],
    ['four columns', 'a\tb\tc\td', /^error .* Line 31: there are 4 columns/],
    ['digits', 'b2\tb a', /^warning .* Line 31: "b2" has digits/],
    ['another script', 'باد\tb ɒː d', /^warning .* Line 31: "باد" is in another script/],
    [
      'too many phonemes',
      'bd\tb a d a b',
      /^warning .* Line 31: "bd" has 5 phonemes for 2 letters: .* 5 frames of 4/,
    ],
    ['repeats that need blanks', 'bd\tb b b', /^warning .* Line 31: "bd" .* 5 frames of 4/],
    ['a cut-off cell', 'bdfgkmn\tb d', /^warning .* Line 31: "bdfgkmn" has 2 phonemes for 7 letters/],
    ['the same twice', good[0] ?? '', /^warning .* Line 31: .* of line 1 stands here again/],
    [
      'another pronunciation',
      `${good[0]?.split('\t')[0] ?? ''}\tb`,
      /^warning .* of line 1 .* another pronunciation/,
    ],
  ])('names the line: %s', async (_name, row, expected) => {
    expect((await inspect([...good, row])).join('\n')).toMatch(expected);
  });

  it('says what cannot be', async () => {
    expect(await inspect([])).toEqual([expect.stringMatching(/^error .*is empty/)]);
    expect(await inspect(good.slice(0, 5))).toEqual([expect.stringMatching(/^error .*5 words; at least 20/)]);
    expect(await inspect(good, {}, { heads: 3 })).toEqual([expect.stringMatching(/^error \/model\/heads/)]);
    expect(
      (await inspect(good, {}, { upsampling: 1 })).some((one) => /^error \/model\/upsampling/.test(one)),
    ).toBe(false);
    expect((await inspect(good, { path: 'absent.tsv' })).join()).toMatch(/absent\.tsv does not exist/);
  });

  it('refuses phonemes without spaces between, and words of one stem', async () => {
    const glued = good.map((line) => line.replaceAll(' ', ''));
    expect(await inspect(glued)).toEqual([
      expect.stringMatching(/^error \/data\/path The phonemes .*line 1/),
    ]);
    const one = good.map((line) => `${line}\tstem`);
    expect((await inspect(one)).join()).toMatch(/error \/data\/path All words have one stem/);
    await writeFile(path.join(folder, 'held.tsv'), 'bdf\tb d f\n');
    expect((await inspect(one, { validationPath: 'held.tsv' })).join()).not.toMatch(/one stem/);
  });

  it('names the line that is not UTF-8', async () => {
    await writeFile(
      path.join(folder, 'odd.tsv'),
      Buffer.concat([Buffer.from('ba\tb a\n'), Buffer.from([0xd3, 0xe1]), Buffer.from('\ts\n')]),
    );
    expect((await inspect(good, { path: 'odd.tsv' })).join()).toMatch(/line 2\): The text is not UTF-8/);
  });

  it('compares the validation file with the training words', async () => {
    await writeFile(path.join(folder, 'held.tsv'), `${good[3] ?? ''}\nqbd\tq b d\n`);
    const problems = await inspect(good, { validationPath: 'held.tsv' });
    expect(problems).toEqual([
      expect.stringMatching(
        /^warning \/data\/validationPath Line 2: "qbd" has q, q, which no training word has/,
      ),
      expect.stringMatching(/^warning \/data\/validationPath 1 words, .* are trained on as well/),
    ]);
  });
});

describe('stems', () => {
  const stems = { prefixes: ['نمی', 'می', 'ب', 'ن'], letters: 3 };
  it.each([
    ['نمیتواند', 'توا'],
    ['میتوان', 'توا'],
    ['بتوان', 'توا'],
    ['نو', 'نو'],
    ['توان', 'توا'],
  ])('%s → %s', (word, stem) => {
    expect(stemOf(Array.from(word), { stems })).toBe(stem);
  });

  it('are kept together when words are held out', () => {
    const words = Array.from({ length: 100 }, (_, i) => entry(`w${i}`, 'a', `stem${i % 20}`));
    const { words: training, validation } = splitByStem(words, 0.2, Random.from(3));
    expect(validation).toHaveLength(20);
    const held = new Set(validation.map(({ stem }) => stem));
    expect(training.some(({ stem }) => held.has(stem))).toBe(false);
  });
});

describe('drawing words', () => {
  const words = [
    ...Array.from({ length: 90 }, (_, i) => entry(`a${i}`, 'a', 'many')),
    ...Array.from({ length: 10 }, (_, i) => entry(`b${i}`, 'b', `few${i}`)),
  ];

  it('takes each once when nothing is held back', () => {
    const batches = new Sampler(words, 0).epoch(16, Random.from(1));
    expect(batches.flat().sort((a, b) => a - b)).toEqual(words.map((_, i) => i));
    expect(batches).toHaveLength(7);
  });

  it('holds frequent stems back', () => {
    const drawn = new Sampler(words, 1, 5000).epoch(50, Random.from(1)).flat();
    expect(drawn).toHaveLength(5000);
    // With n^-1 every stem weighs the same: eleven stems.
    expect(drawn.filter((i) => i < 90).length / 5000).toBeCloseTo(1 / 11, 1);
  });
});

describe('exchanging consonants', () => {
  const lexicon = Array.from({ length: 60 }, (_, i) => {
    const [a, b] = ['bdf'[i % 3] ?? '', 'dfb'[i % 3] ?? ''];
    // The vowel letter is heard in two ways, so it is never exchanged.
    return entry(`${a}o${b}`, `${a} ${i % 2 === 0 ? 'o' : 'u'} ${b}`);
  });

  it('knows which letters are heard as one phoneme', () => {
    expect(steadyLetters(lexicon)).toEqual(
      new Map([
        ['b', 'b'],
        ['d', 'd'],
        ['f', 'f'],
      ]),
    );
  });

  it('changes spelling and sound alike, in the stem alone', () => {
    const swapper = new Swapper(lexicon, { swap: 1, letters: 1 });
    const random = Random.from(2);
    const seen = new Set<string>();
    for (let i = 0; i < 40; i++) {
      const { letters, phonemes } = swapper.apply(entry('dobod', 'd o b o d', 'bo'), random);
      expect(letters.join('')).toBe(phonemes.join(''));
      expect(letters.join('')).toMatch(/^do[bdf]od$/);
      seen.add(letters.join(''));
    }
    expect(seen.size).toBe(3);
  });

  it('leaves words alone when told to', () => {
    const one = entry('bod', 'b o d');
    expect(new Swapper(lexicon, { swap: 0, letters: 1 }).apply(one, Random.from(1))).toBe(one);
  });
});

it('counts errors over words and over stems', () => {
  const spoken = [
    { entry: entry('one', 'a b c d', 's'), phonemes: ['a', 'b', 'c', 'd'] },
    { entry: entry('two', 'a b', 's'), phonemes: ['a', 'c'] },
    { entry: entry('three', 'd d', 't'), phonemes: ['d', 'd', 'a'] },
  ];
  const { metrics, report } = errorRates(spoken, [nothing, 'a', 'b', 'c', 'd'], 0.5);
  expect(metrics).toEqual({
    val_loss: 0.5,
    val_per: 2 / 8,
    val_wer: 2 / 3,
    val_stem_per: (1 / 6 + 1 / 2) / 2,
    val_stem_wer: (1 / 2 + 1) / 2,
  });
  expect(report?.confusion?.[2]?.[3]).toBe(1);
  expect(report?.confusion?.[0]?.[1]).toBe(1);
  expect(report).toMatchObject({ words: 3, stems: 2, mistakes: [{ count: 1 }, { count: 1 }] });
  expect(report?.['examples']).toEqual([
    { word: 'two', phonemes: 'a b', answered: 'a c' },
    { word: 'three', phonemes: 'd d', answered: 'd d a' },
  ]);
});

describe('withheld words', () => {
  const entries = Array.from({ length: 300 }, (_, i) => entry(`w${i}`, 'a', `stem${i % 60}`));

  it('are whole stems, the same whatever the order of the file', () => {
    const { words, withheld } = withhold(entries, 0.1);
    expect(withheld).toHaveLength(30);
    expect(words).toHaveLength(270);
    const stems = new Set(withheld.map(({ stem }) => stem));
    expect(words.some(({ stem }) => stems.has(stem))).toBe(false);
    const again = withhold([...entries].reverse(), 0.1).withheld;
    expect(new Set(again.map(({ stem }) => stem))).toEqual(stems);
    expect(withhold(entries, 0)).toEqual({ words: entries, withheld: [] });
  });

  it('take no part in training and validation', async () => {
    const rows = Array.from(
      { length: 200 },
      (_, i) => `${'bdfgk'[i % 5] ?? ''}a${'mnprst'[i % 6] ?? ''}\tb a`,
    );
    await writeFile(path.join(folder, 'many.tsv'), rows.join('\n'));
    const config = {
      data: dataOptions.parse({ path: 'many.tsv', withheld: 0.2 }),
      model: modelOptions.parse({}),
      training: trainingOptions.parse({ batchSize: 8 }),
      resolve: (relative: string) => path.resolve(folder, relative),
    };
    const found = await findWords(config, new AbortController().signal, Random.from(1));
    expect(found.withheld.length).toBeGreaterThan(20);
    const seen = new Set([...found.words, ...found.validation].map(({ stem }) => stem));
    expect(found.withheld.some(({ stem }) => seen.has(stem))).toBe(false);
    expect(found.words.length + found.validation.length + found.withheld.length).toBe(200);
  });

  it('stand in the report beside another program, and in no metric', () => {
    const right = { entry: entry('one', 'a b', 's'), phonemes: ['a', 'b'] };
    const wrong = { entry: entry('two', 'a b', 't'), phonemes: ['a'] };
    const reference = { name: 'Other', withheld: { per: 0.5, wer: 0.75, stemWer: 0.8 } };
    const beside = { withheld: [right, wrong], reference };
    const { metrics, report } = errorRates([right], [nothing, 'a', 'b'], 0.5, beside);
    expect(Object.keys(metrics).every((name) => name.startsWith('val_'))).toBe(true);
    expect(report?.comparison).toEqual([
      expect.objectContaining({ words: 'validation', of: 'this model', PER: 0, WER: 0 }),
      expect.objectContaining({ words: 'withheld', of: 'this model', count: 2, PER: 1 / 4, WER: 1 / 2 }),
      { words: 'withheld', of: 'Other', PER: 0.5, WER: 0.75, 'WER, mean over stems': 0.8 },
    ]);
    expect(report?.['withheld']).toMatchObject({ stems: 2, examples: [{ word: 'two', answered: 'a' }] });
  });
});
