import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectDataset } from '../../backend/datasets/inspect';
import audio from '../../backend/plugins/audio-classification/index';
import graphemes from '../../backend/plugins/grapheme-to-phoneme/index';
import tabular from '../../backend/plugins/tabular-classification/index';
import text from '../../backend/plugins/text-classification/index';
import { checkConfig } from '../../backend/training/config/config';
import { sentences } from './sentences.mjs';
import { seeded, stage, trim } from './sound.mjs';
import { readWordList, sampleWords } from './wordList.mjs';
import { sets, words } from './words.mjs';

const workspace = path.join(import.meta.dirname, '..', '..', 'samples', 'workspace');
const tasks = new Map([
  ['audio-classification', audio],
  ['grapheme-to-phoneme', graphemes],
  ['tabular-classification', tabular],
  ['text-classification', text],
]);
async function inspect(name) {
  const { signal } = new AbortController();
  return (await inspectDataset(path.join(workspace, 'data', name), { signal })).report;
}

describe('the sample workspace', () => {
  it('has data without a problem', async () => {
    const keywords = await inspect('keywords');
    expect(keywords).toMatchObject({ format: 'folder-per-label', problems: [] });
    expect(Object.keys(keywords.stats.labels).sort()).toEqual([...words].sort());
    expect(keywords.stats.sampleRates).toEqual({ 16000: keywords.items });
    expect(await inspect('iris.csv')).toMatchObject({ items: 150, stats: { labels: { setosa: 50 } } });
    expect(await inspect('digits.csv')).toMatchObject({ items: 1797, errors: 0 });
  });

  it('has configs that may run as they are', async () => {
    const files = (await readdir(workspace)).filter((name) => name.endsWith('.train.json'));
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const file of files) {
      const checked = await checkConfig(
        { configPath: path.join(workspace, file) },
        { tasks, workspacePath: workspace },
      );
      expect([file, checked.problems]).toEqual([file, []]);
    }
  });

  it('stays small enough for git', async () => {
    const entries = await readdir(path.join(workspace, 'data'), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const sizes = await Promise.all(
      files.map(async (one) => (await stat(path.join(one.parentPath, one.name))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(6e6);
  });

  it('describes every file of its data', async () => {
    const readme = await readFile(path.join(workspace, 'data', 'README.md'), 'utf8');
    const names = (await readdir(path.join(workspace, 'data'))).filter((name) => name !== 'README.md');
    for (const name of names) expect(readme).toContain(name);
    for (const word of words) expect(readme).toContain(word);
  });
});

describe('sentences of many words', () => {
  const some = (options, count) => {
    const told = sentences({ seed: 7, ...options });
    return Array.from({ length: count }, () => told.next().value);
  };
  const wordsOf = (texts) => new Set(texts.flatMap((text) => text.split(' ')));

  it('have a thousand and more, and none that is kept apart', async () => {
    const lists = await sampleWords();
    const learnt = wordsOf(some({ lists }, 1200));
    expect(learnt.size).toBeGreaterThan(1500);
    // What every sentence needs stands in both.
    const ordinary = wordsOf(some({}, 3000));
    const apart = [...wordsOf(some({ unseen: 1 }, 300))].filter((word) => !ordinary.has(word));
    expect(apart.length).toBeGreaterThan(60);
    expect(apart.filter((word) => learnt.has(word))).toEqual([]);
  });

  it('takes nouns and adjectives from a dictionary by its flags', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'goya-words-'));
    const file = path.join(folder, 'fa.dic');
    await writeFile(file, '5\nدانشگاه/pasaso\nپاک‌دامن/sasost\nمی‌رود/sl\nگفتند\nx/pa\n');
    const read = await readWordList(file);
    expect(read).toMatchObject({ things: ['دانشگاه'], qualities: ['پاک‌دامن'] });
    expect(read.all.has('گفتند')).toBe(true);
    await rm(folder, { recursive: true });
  });
});

describe('the words and voices', () => {
  it('have names that every file system keeps as they are', () => {
    for (const word of words) {
      expect(word.normalize('NFD')).toBe(word);
      expect(word).toMatch(/^[\u0600-\u06ff]+$/);
    }
  });

  it('keep the voices of the fresh set out of the sample set', () => {
    expect(sets.fresh.variants.filter((name) => sets.sample.variants.includes(name))).toEqual([]);
    expect(new Set(sets.sample.variants).size).toBe(sets.sample.variants.length);
  });
});

describe('staging', () => {
  const word = Float32Array.from({ length: 4000 }, (_, i) => Math.sin(i * 0.2));

  it('cuts silence off both ends', () => {
    const padded = new Float32Array(5000);
    padded.set(word.subarray(1), 600);
    expect(trim(padded).length).toBeGreaterThan(3990);
    expect(trim(padded).length).toBeLessThan(4001);
  });

  it('adds noise at the ratio asked for, and scales to the peak', () => {
    const options = { rate: 16_000, colour: 0.5, peak: 0.8 };
    const noisy = stage(word, { ...options, snr: 10, random: seeded(1) });
    const clean = stage(word, { ...options, snr: 200, random: seeded(1) });
    const power = (x) => x.reduce((sum, v) => sum + v * v, 0) / x.length;
    expect(Math.max(...noisy.map(Math.abs))).toBeCloseTo(0.8, 5);
    const start = clean.findIndex((v) => Math.abs(v) > 1e-6);
    const silence = noisy.subarray(0, start);
    const spoken = noisy.subarray(start, start + word.length);
    const ratio = 10 * Math.log10((power(spoken) - power(silence)) / power(silence));
    expect(Math.abs(ratio - 10)).toBeLessThan(2);
  });

  it('draws the same numbers from the same seed', () => {
    const draw = (seed) => Array.from({ length: 3 }, seeded(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});
