/** What the files hold and what is wrong with them. No tensors: the main process uses this too. */
import { stat } from 'node:fs/promises';
import { prepareText } from '../../../ml/trained/textFeatures';
import type { ConfigFix } from '../../../protocol/model/configFix';
import { breathe } from '../../sdk/breathe';
import { classWeightProblems } from '../../sdk/classWeights';
import { TableError } from '../../sdk/tableError';
import { columnChoices, columnsThere, largeBatch, missingColumn, modelSize } from '../../sdk/problems';
import { listed, sentences } from '../../sdk/say';
import { problem, type ConfigProblem, type TaskConfig } from '../../sdk/trainingTask';
import type { DataOptions, ModelOptions } from './config';
import { lookAtLabels, lookAtLengths, lookAtSplit, lookAtTexts } from './findings';
import { readExamples, type Example, type ExampleFile } from './examples';
import { say } from './words';

export interface Prepared extends Example {
  /** The text as the model reads it, normalised. */
  readonly prepared: string;
}

export interface Analysis {
  readonly examples: readonly Prepared[];
  /** Of `validationPath`; undefined when the split is made here. */
  readonly validation: readonly Prepared[] | undefined;
  /** Sorted. */
  readonly labels: readonly string[];
  readonly problems: readonly ConfigProblem[];
}

type Config = TaskConfig<DataOptions, ModelOptions>;

const mostBytes = 1024 * 1024 * 1024;
const fewestExamples = 10;

export async function analyse(config: Config, signal: AbortSignal): Promise<Analysis> {
  const { data } = config;
  const training = await load(config, data.path, '/data/path', signal);
  const problems = [...training.problems];
  let validation: readonly Prepared[] | undefined;
  if (data.validationPath !== undefined) {
    const measured = await load(config, data.validationPath, '/data/validationPath', signal);
    problems.push(...measured.problems);
    validation = measured.examples;
  }
  const labels = [...new Set(training.examples.map(({ label }) => label))].sort();
  if (!problems.some(({ severity }) => severity === 'error')) {
    problems.push(
      ...lookAtLabels(training.examples, labels),
      ...classWeightProblems(data.classWeights, labels, '/data/classWeights'),
      ...classWeightProblems(config.training.classWeights, labels),
      ...lookAtSplit(training.examples, validation, labels),
      ...lookAtLengths(training.examples, config.model),
      ...batchProblems(config, training.examples.length),
      ...sizeProblems(config),
    );
  }
  return { examples: training.examples, validation, labels, problems };
}

interface Loaded {
  readonly examples: readonly Prepared[];
  readonly problems: readonly ConfigProblem[];
}

/** A config is checked again at each letter that is typed: the files last read are not read again. */
const latest = new Map<string, Loaded>();
const kept = 2;

async function load(config: Config, relative: string, at: string, signal: AbortSignal): Promise<Loaded> {
  const file = config.resolve(relative);
  const failed = (message: string): Loaded => ({ examples: [], problems: [problem(at, message)] });
  const info = await stat(file).catch(() => undefined);
  if (info === undefined) return failed(say`${file} does not exist. Check the path.`);
  if (!info.isFile()) return failed(say`${file} is a folder. Name a CSV, TSV or JSONL file.`);
  if (info.size === 0) return failed(say`${file} is empty. It needs a header line and examples.`);
  if (info.size > mostBytes)
    return failed(say`${file} has ${info.size} bytes; files of up to ${mostBytes} can be trained on.`);
  const key = JSON.stringify([file, info.mtimeMs, info.size, at, config.data]);
  const known = latest.get(key);
  if (known !== undefined) return known;
  try {
    const loaded = await examine(config, await readExamples(file, config.data, signal), at, signal);
    latest.set(key, loaded);
    for (const old of [...latest.keys()].slice(0, -kept)) latest.delete(old);
    return loaded;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TableError) {
      return failed(
        error.line === undefined
          ? say`${file}: ${error.message}`
          : say`${file} (line ${error.line}): ${error.message}`,
      );
    }
    return failed(say`${file} cannot be read: ${(error as Error).message}`);
  }
}

async function examine(config: Config, file: ExampleFile, at: string, signal: AbortSignal): Promise<Loaded> {
  const missing = columnProblems(file, config.data);
  if (missing.length > 0) return { examples: [], problems: missing };
  const { normalization } = config.data;
  const prepared: Prepared[] = [];
  for (const example of file.examples) {
    await breathe();
    signal.throwIfAborted();
    const preparation = { normalization, lowerCase: normalization.lowerCase };
    prepared.push({ ...example, prepared: prepareText(example.text, preparation) });
  }
  const examples = prepared.filter((one) => one.prepared !== '' && one.label !== '');
  const problems = [...faultProblems(file, at), ...lookAtTexts(prepared, at)];
  const fewest = at === '/data/path' ? fewestExamples : 1;
  if (examples.length < fewest) {
    const message =
      examples.length === 0
        ? say`The file has no examples with text and label; at least ${fewest} are needed.`
        : say`The file has only ${examples.length} examples with text and label; at least ${fewest} are needed.`;
    problems.push(problem(at, message));
  }
  return { examples, problems };
}

function columnProblems({ columns, header }: ExampleFile, data: DataOptions): ConfigProblem[] {
  return (['text', 'label'] as const)
    .filter((key) => columns[key] === undefined)
    .map((key) => {
      const named = data[key];
      if (named !== undefined) return missingColumn(`/data/${key}`, named, header, 'file');
      const which =
        key === 'text'
          ? say`Which column holds the text? Name it in data.text.`
          : say`Which column holds the label? Name it in data.label.`;
      const question = sentences(which, columnsThere(header));
      const path = `/data/${key}`;
      const fixes = columnChoices('', header).map((value): ConfigFix => ({ kind: 'set', path, value }));
      return problem('/data', question, { code: 'data.column', fixes });
    });
}

function faultProblems({ faults }: ExampleFile, at: string): ConfigProblem[] {
  if (faults.length === 0) return [];
  const first = faults.slice(0, 3).map(({ line, message }) => say`line ${line} ${message}`);
  const shown = listed(first, ';');
  const all = faults.length > 3 ? say`${shown}, and ${faults.length - 3} more lines` : shown;
  return [problem(at, say`Lines that are no examples: ${all}. Correct or delete them.`)];
}

/** Tables of what stands for each token and n-gram: nearly all of the model. */
function sizeProblems({ model: { ngrams, vocabulary, embedding } }: Config): ConfigProblem[] {
  const grams = ngrams.buckets * ngrams.size;
  const tokens = vocabulary * embedding;
  return modelSize(grams > tokens ? '/model/ngrams' : '/model/vocabulary', grams + tokens);
}

function batchProblems({ data, training }: Config, count: number): ConfigProblem[] {
  const kept = data.validationPath === undefined ? Math.floor(count * (1 - data.validation)) : count;
  return largeBatch(training.batchSize, kept);
}
