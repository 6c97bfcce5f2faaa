/** Finds the words and says what is wrong with them. No tensors: runs in the backend's main process. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { framesNeeded } from '../../../ml/ctc/ctcLoss';
import type { Random } from '../../sdk/random';
import { largeBatch } from '../../sdk/problems';
import { listed } from '../../sdk/say';
import { TableError } from '../../sdk/tableError';
import { problem, warning, type ConfigProblem, type TaskConfig } from '../../sdk/trainingTask';
import type { DataOptions, ModelOptions } from './config';
import { byStem, readLexicon, type Entry } from './lexicon';
import { withhold } from './withheld';
import { say } from './words';

export interface Words {
  readonly words: readonly Entry[];
  readonly validation: readonly Entry[];
  /** Of `data.withheld`; in neither of the others. */
  readonly withheld: readonly Entry[];
  readonly problems: readonly ConfigProblem[];
  /** SHA-256 (hex) over words and phonemes. */
  readonly hash: string;
}

type Config = Pick<TaskConfig<DataOptions, ModelOptions>, 'data' | 'model' | 'training' | 'resolve'>;

const fewestWords = 20;
const shown = 8;
const mostBytes = 128 * 1024 * 1024;

/** Both sides of the split, with every problem found. Without `random` the split is not drawn: all are `words`. */
export async function findWords(config: Config, signal: AbortSignal, random?: Random): Promise<Words> {
  const { data } = config;
  const main = await read(config, 'path', data.path, signal);
  const held =
    data.validationPath === undefined
      ? undefined
      : await read(config, 'validationPath', data.validationPath, signal);
  const problems = [...main.problems, ...(held?.problems ?? [])];
  const hash = hashOf([...main.entries, ...(held?.entries ?? [])]);
  const { words, withheld } = withhold(main.entries, data.withheld);
  if (words.length === 0) return { words, validation: [], withheld, problems, hash };
  problems.push(...sizeProblems(words, config), ...modelProblems(config));
  if (held !== undefined) {
    problems.push(...strangers(words, held.entries));
    return { words, validation: held.entries, withheld, problems, hash };
  }
  problems.push(...unmeasured(words));
  if (random === undefined) return { words, validation: [], withheld, problems, hash };
  return { ...splitByStem(words, data.validation, random), withheld, problems, hash };
}

/** Whole stems are held out until their words make up the share. */
export function splitByStem(
  entries: readonly Entry[],
  share: number,
  random: Random,
): Pick<Words, 'words' | 'validation'> {
  const stems = byStem(entries);
  const aim = Math.max(1, Math.round(entries.length * share));
  const held = new Set<number>();
  for (const stem of random.shuffle([...stems.keys()].sort())) {
    const group = stems.get(stem) ?? [];
    if (held.size > 0 && held.size + group.length > aim) continue;
    if (held.size + group.length >= entries.length) continue;
    for (const index of group) held.add(index);
    if (held.size >= aim) break;
  }
  return {
    words: entries.filter((_, i) => !held.has(i)),
    validation: entries.filter((_, i) => held.has(i)),
  };
}

interface Found {
  readonly entries: readonly Entry[];
  readonly problems: readonly ConfigProblem[];
}

async function read(
  config: Config,
  field: 'path' | 'validationPath',
  relative: string,
  signal: AbortSignal,
): Promise<Found> {
  const at = `/data/${field}`;
  const file = config.resolve(relative);
  const failed = (message: string): Found => ({ entries: [], problems: [problem(at, message)] });
  try {
    const info = await stat(file);
    if (!info.isFile()) return failed(say`${file} is a folder. Name a TSV file.`);
    if (info.size > mostBytes)
      return failed(say`${file} has ${info.size} bytes; up to ${mostBytes} can be trained on.`);
    const { entries, faults } = await readLexicon(file, config.data, signal);
    if (entries.length === 0 && faults.length === 0)
      return failed(say`${file} is empty. It needs words and phonemes.`);
    const lines = faults.map(({ line, message }) => ({ line, message }));
    return {
      entries,
      problems: [...atLines(at, lines, problem), ...entryProblems(at, entries, config)],
    };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TableError) return failed(say`${file} (line ${error.line ?? 1}): ${error.message}`);
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string') throw error;
    return failed(code === 'ENOENT' ? say`${file} does not exist.` : say`${file} cannot be read (${code}).`);
  }
}

type Make = (path: string, message: string) => ConfigProblem;

function atLines(
  at: string,
  lines: readonly { line: number; message: string }[],
  make: Make,
): ConfigProblem[] {
  const problems = lines.slice(0, shown).map(({ line, message }) => make(at, say`Line ${line}: ${message}`));
  if (lines.length > shown)
    problems.push(make(at, say`${lines.length - shown} more lines have such a fault.`));
  return problems;
}

function entryProblems(at: string, entries: readonly Entry[], { data, model }: Config): ConfigProblem[] {
  const impossible = entries.flatMap((entry) => {
    const [frames, needed] = [entry.letters.length * model.upsampling, framesNeeded(entry.phonemes)];
    if (needed <= frames) return [];
    return [{ line: entry.line, message: tooLong(entry, needed, frames) }];
  });
  const problems = atLines(at, impossible, warning);
  if (impossible.length > entries.length / 10) {
    const text = say`${impossible.length} of ${entries.length} words have more phonemes than model.upsampling = ${model.upsampling} allows. Raise it.`;
    problems.push(problem('/model/upsampling', text));
  }
  const glued = unseparated(at, entries);
  if (glued.length > 0) return [...problems, ...glued];
  return [
    ...problems,
    ...atLines(at, repeated(entries), warning),
    ...atLines(at, odd(entries), warning),
    ...stemless(data, entries),
  ];
}

function tooLong({ word, phonemes, letters }: Entry, needed: number, frames: number): string {
  return say`"${word}" has ${phonemes.length} phonemes for ${letters.length} letters: they take ${needed} frames of ${frames}, so it teaches nothing. Correct it, or raise model.upsampling.`;
}

/** Words that stand there twice: with the same pronunciation, or with another. */
function repeated(entries: readonly Entry[]): { line: number; message: string }[] {
  const first = new Map<string, Entry>();
  return entries.flatMap((entry) => {
    const key = entry.letters.join('');
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, entry);
      return [];
    }
    const same = before.phonemes.join(' ') === entry.phonemes.join(' ');
    // Spellings with and without a joiner are no mistake.
    if (same && before.word !== entry.word) return [];
    const message = same
      ? say`"${entry.word}" of line ${before.line} stands here again.`
      : say`"${entry.word}" of line ${before.line} stands here with another pronunciation: the model can answer one of them only.`;
    return [{ line: entry.line, message }];
  });
}

/** Digits and Latin letters in a word, or far fewer phonemes than letters: a cell gone astray. */
function odd(entries: readonly Entry[]): { line: number; message: string }[] {
  const scripts = { latin: 0, other: 0 };
  const latin = entries.map(({ word }) => /[A-Za-z]/.test(word));
  for (const one of latin) scripts[one ? 'latin' : 'other']++;
  const minority = scripts.latin < scripts.other ? true : false;
  return entries.flatMap(({ line, word, letters, phonemes }, i) => {
    if (/[\d۰-۹٠-٩]/.test(word))
      return [{ line, message: say`"${word}" has digits. Write numbers as words.` }];
    const mixed = latin[i] === minority && Math.min(scripts.latin, scripts.other) < entries.length / 20;
    if (mixed && scripts.latin > 0)
      return [{ line, message: say`"${word}" is in another script than most words.` }];
    if (phonemes.length * 3 < letters.length) {
      return [
        {
          line,
          message: say`"${word}" has ${phonemes.length} phonemes for ${letters.length} letters. Is it whole?`,
        },
      ];
    }
    return [];
  });
}

/** Stems stay together: with one alone there is nothing to measure by. */
function unmeasured(words: readonly Entry[]): ConfigProblem[] {
  if (byStem(words).size > 1) return [];
  const message = say`All words have one stem, so none can be held out to measure by. Add words, or name a validationPath.`;
  return [problem('/data/path', message)];
}

/** Most words of several letters have one "phoneme": nothing stands between the real ones. */
function unseparated(at: string, entries: readonly Entry[]): ConfigProblem[] {
  const long = entries.filter(({ letters }) => letters.length > 2);
  const glued = long.filter(({ phonemes }) => phonemes.length === 1);
  if (glued.length === 0 || glued.length < long.length * 0.5) return [];
  const [first] = glued;
  const message = say`The phonemes of most words stand without spaces between, as in "${first?.phonemes[0] ?? ''}" (line ${first?.line ?? 0}): each word would be a phoneme of its own. Put spaces between them.`;
  return [problem(at, message)];
}

function stemless({ balance, stems }: DataOptions, entries: readonly Entry[]): ConfigProblem[] {
  if (stems === undefined || balance === 0) return [];
  const groups = byStem(entries).size;
  if (groups > 1) return [];
  return [warning('/data/stems', say`All words have one stem: data.balance has no effect.`)];
}

function sizeProblems(entries: readonly Entry[], { training }: Config): ConfigProblem[] {
  if (entries.length < fewestWords) {
    const message = say`There are ${entries.length} words; at least ${fewestWords} are needed.`;
    return [problem('/data/path', message)];
  }
  return largeBatch(training.batchSize, entries.length, 'words');
}

function modelProblems({ model }: Config): ConfigProblem[] {
  if (model.attention === 0 || model.channels % model.heads === 0) return [];
  const message = say`${model.heads} heads cannot share ${model.channels} channels: take a divisor.`;
  return [
    problem('/model/heads', message, {
      code: 'model.size',
      fixes: divisors(model.channels).map((value) => ({ kind: 'set', path: '/model/heads', value })),
    }),
  ];
}

/** That a model may have as heads, the most first. */
function divisors(channels: number): number[] {
  return [16, 8, 4, 2, 1].filter((heads) => channels % heads === 0);
}

/** Letters and phonemes that only the validation has, and words that both have. */
function strangers(words: readonly Entry[], held: readonly Entry[]): ConfigProblem[] {
  const at = '/data/validationPath';
  const known = {
    letters: new Set(words.flatMap((entry) => entry.letters)),
    phonemes: new Set(words.flatMap((entry) => entry.phonemes)),
    words: new Set(words.map((entry) => entry.letters.join(''))),
  };
  const unknown = held.flatMap(({ line, word, letters, phonemes }) => {
    const odd = [
      ...letters.filter((one) => !known.letters.has(one)),
      ...phonemes.filter((one) => !known.phonemes.has(one)),
    ];
    return odd.length === 0
      ? []
      : [{ line, message: say`"${word}" has ${listed(odd)}, which no training word has.` }];
  });
  const both = held.filter((entry) => known.words.has(entry.letters.join('')));
  const problems = atLines(at, unknown, warning);
  if (both.length > 0) {
    const text = say`${both.length} words, such as "${both[0]?.word ?? ''}", are trained on as well: they say little about new words.`;
    problems.push(warning(at, text));
  }
  return problems;
}

function hashOf(entries: readonly Entry[]): string {
  const sum = createHash('sha256');
  for (const { word, phonemes } of entries) sum.update(`${word}\t${phonemes.join(' ')}\n`);
  return sum.digest('hex');
}
