import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { editDistance } from '../../ml/metrics/editDistance';
import { inferenceRun } from '../../protocol/api/inference';
import { settingsUpdate } from '../../protocol/api/settings';
import { textNormalize, textPhonemize, textVerbalize } from '../../protocol/api/text';
import { trainingGet, trainingStart } from '../../protocol/api/training';
import { eventually } from '../fixtures/eventually';
import { repository, startBackend, type Backend } from './backend';

interface Runtime {
  register(given: typeof tf): {
    phonemizeWords(model: object, words: readonly string[]): Promise<string[][]>;
  };
}

const shipped = path.join(repository, 'assets', 'g2p-fa');
let workspace: string;
let backend: Backend;
beforeAll(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'goya-words-'));
  await mkdir(path.join(workspace, 'data'));
  backend = await startBackend({ workspacePath: workspace });
});
afterAll(async () => {
  await backend.dispose();
  await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
});

async function heldOut(): Promise<{ word: string; phonemes: string[] }[]> {
  const file = path.join(repository, 'samples', 'workspace', 'data', 'lexicon', 'dev.tsv');
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  return lines.map((line) => {
    const [word = '', phonemes = ''] = line.split('\t');
    return { word, phonemes: phonemes.split(' ') };
  });
}

/** A model's folder in plain tf.js, with its own runtime. */
async function inPlainTfjs(folder: string, words: readonly string[]): Promise<string[][]> {
  const json = async <T>(name: string) => JSON.parse(await readFile(path.join(folder, name), 'utf8')) as T;
  const { register } = (await import(pathToFileURL(path.join(folder, 'runtime.mjs')).href)) as Runtime;
  const { phonemizeWords } = register(tf);
  const { modelTopology, weightsManifest } = await json<{
    modelTopology: object;
    weightsManifest: { weights: tf.io.WeightsManifestEntry[] }[];
  }>('model.json');
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology,
      weightSpecs: weightsManifest.flatMap((group) => group.weights),
      weightData: new Uint8Array(await readFile(path.join(folder, 'weights.bin'))).buffer,
    }),
  );
  const { labels, preprocessing } = await json<{ labels: string[]; preprocessing: object }>('goya.json');
  return phonemizeWords({ model, labels, preprocessing }, words);
}

describe('the Persian model that ships', () => {
  it('pronounces words, and numbers once they are words', async () => {
    const text = 'آباد ورزش آذربایجان، واگذاری كودک دوست؛ رنگ می‌توانم بیشتر شهر ایران مردم خانه بازار ۱۲!';
    const { words } = await backend.call(textPhonemize, { text });
    expect(words.map(({ word, phonemes }) => `${word} ${phonemes.join('')}`.trim())).toEqual([
      'آباد ɒːbɒːd',
      'ورزش væɾze̞ʃ',
      'آذربایجان ɒːzæɾbɒːje̞d͡ʒɒːn',
      'واگذاری vɒːgozɒːɾiː',
      'کودک kuːdæk',
      'دوست duːst',
      'رنگ ɾæng',
      'می‌توانم miːtævɒːnæm',
      'بیشتر biːʃtæɾ',
      'شهر ʃæhɾ',
      'ایران iːɾɒːn',
      'مردم moɾdæm',
      'خانه xɒːne̞',
      'بازار bɒːzɒːɾ',
      'دوازده dævɒːzdæh',
    ]);
  });

  it('knows common words by heart, and says of each who answered', async () => {
    const { words } = await backend.call(textPhonemize, { text: 'دنیا را فریبوش ۷' });
    expect(words.map(({ phonemes, source }) => [phonemes.join(''), source])).toEqual([
      ['donjɒː', 'lexicon'],
      ['ɾɒː', 'lexicon'],
      [expect.stringMatching(/^f.*ɾ.*b.*ʃ$/), 'model'],
      ['hæft', 'lexicon'],
    ]);
  });

  it('normalises and verbalises a text', async () => {
    const text = 'كتاب هاي علي را در 1402/05/12 مي خوانم ؛ ۲۰% آن USB است .';
    expect(await backend.call(textNormalize, { text })).toEqual({
      text: 'کتاب‌های علی را در ۱۴۰۲/۰۵/۱۲ می‌خوانم؛ ۲۰٪ آن USB است.',
    });
    expect(await backend.call(textVerbalize, { text })).toEqual({
      text: 'کتاب‌های علی را در دوازدهم مرداد هزار و چهارصد و دو می‌خوانم؛ بیست درصد آن یواس‌بی است.',
    });
    await expect(backend.call(textNormalize, { text, digits: 'roman' as 'latin' })).rejects.toThrow(
      'Invalid params',
    );
  });

  it('takes whatever fits into a text: one endless word, thousands of short ones', async () => {
    const endless = await backend.call(textPhonemize, { text: 'س'.repeat(200_000) });
    expect(endless.words[0]?.phonemes.length).toBeGreaterThan(0);
    const letters = 'ابپتجدرزسشفکلمنو'.split('');
    const many = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)));
    const { words } = await backend.call(textPhonemize, { text: many.join(' ') });
    // «اند» is joined to the word before it.
    expect(words).toHaveLength(many.length - 1);
  });

  it('makes few mistakes in words whose stems it has not seen', async () => {
    const words = (await heldOut()).filter((_, i) => i % 4 === 0);
    const { output } = await backend.call(inferenceRun, {
      modelPath: shipped,
      input: { values: words.map(({ word }) => word) },
    });
    const answers = (output.values as { words: { phonemes: string[] }[] }).words;
    const edits = words.map(({ phonemes }, i) => editDistance(phonemes, answers[i]?.phonemes ?? []));
    const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
    const per = sum(edits) / sum(words.map(({ phonemes }) => phonemes.length));
    const wer = edits.filter((count) => count > 0).length / words.length;
    process.stdout.write(
      `${words.length} words: PER ${(per * 100).toFixed(2)} %, WER ${(wer * 100).toFixed(2)} %\n`,
    );
    expect(per).toBeLessThan(0.04);
    expect(wer).toBeLessThan(0.28);
  });

  it('answers the same in plain tf.js, through the runtime beside it', async () => {
    const words = (await heldOut()).slice(0, 40).map(({ word }) => word);
    const { output } = await backend.call(inferenceRun, { modelPath: shipped, input: { values: words } });
    const answers = (output.values as { words: { phonemes: string[] }[] }).words;
    expect(await inPlainTfjs(shipped, words)).toEqual(answers.map(({ phonemes }) => phonemes));
  });

  it('stands behind the lexicon of the project', async () => {
    await writeFile(path.join(workspace, 'own.tsv'), 'گویا\tg uː j ɒː\n');
    await backend.call(settingsUpdate, { settings: { text: { lexicon: 'own.tsv' } } });
    const { words } = await backend.call(textPhonemize, { text: 'گويا' });
    expect(words).toEqual([{ word: 'گویا', phonemes: ['g', 'uː', 'j', 'ɒː'], source: 'project' }]);
    await backend.call(settingsUpdate, { settings: { text: { lexicon: '' } } });
  });
});

it('trains on a lexicon and leaves a folder that plain tf.js runs', async () => {
  const rows = Array.from({ length: 60 }, (_, i) => {
    const [a, b] = ['bdfgk'[i % 5] ?? '', 'mnprs'[Math.floor(i / 5) % 5] ?? ''];
    return `${a}a${b}${i % 2 === 0 ? 'a' : ''}\t${[a, 'a', b, ...(i % 2 === 0 ? ['a'] : [])].join(' ')}`;
  });
  await writeFile(path.join(workspace, 'data', 'toy.tsv'), [...new Set(rows)].join('\n'));
  const started = await backend.call(trainingStart, {
    basePath: workspace,
    config: {
      task: 'grapheme-to-phoneme',
      data: { path: 'data/toy.tsv', validation: 0.2 },
      model: { channels: 16, convolutions: 1, attention: 1, heads: 2, inner: 16 },
      training: { epochs: 2, batchSize: 16 },
      engine: 'wasm',
      output: 'models/toy',
    },
  });
  const run = await eventually(
    async () => {
      const now = await backend.call(trainingGet, { id: started.id });
      return ['completed', 'failed'].includes(now.state) && now;
    },
    { timeoutMs: 100_000, everyMs: 50 },
  );
  expect(run).toMatchObject({ state: 'completed' });
  const folder = path.join(workspace, 'models', 'toy');
  const { output } = await backend.call(inferenceRun, { modelPath: folder, input: { text: 'bama, dana' } });
  const answers = (output.values as { words: { phonemes: string[] }[] }).words;
  expect(answers).toHaveLength(2);
  expect(await inPlainTfjs(folder, ['bama', 'dana'])).toEqual(answers.map(({ phonemes }) => phonemes));
});
