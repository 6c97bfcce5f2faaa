/** What a table holds, column by column, and what is wrong with it. No tensors: the main process uses this too. */
import { stat } from 'node:fs/promises';
import { parseNumber } from '../../../ml/trained/tabularFeatures';
import { largeBatch, linesOf, missingColumn, modelSize } from '../../sdk/problems';
import { classWeightProblems } from '../../sdk/classWeights';
import { likeLabels } from '../../sdk/likeLabels';
import { listed, sentences } from '../../sdk/say';
import { TableError } from '../../sdk/tableError';
import { problem, warning, type ConfigProblem, type TaskConfig } from '../../sdk/trainingTask';
import type { DataOptions, ModelOptions } from './config';
import { extremes, groupedNumbers } from './numbers';
import { readTable, type Table } from './table';
import { say } from './words';

export interface Column {
  readonly name: string;
  readonly index: number;
  readonly kind: 'numeric' | 'categorical';
  /** Of a categorical column, sorted. */
  readonly values: readonly string[];
}

export interface Analysis {
  readonly table: Table;
  readonly columns: readonly Column[];
  /** The classes, sorted (as numbers where all are). */
  readonly labels: readonly string[];
  /** Class of each row. */
  readonly targets: readonly number[];
  readonly problems: readonly ConfigProblem[];
}

const fewestRows = 10;
const mostBytes = 512 * 1024 * 1024;
const mostCategories = 1000;
/** A column with this share of numbers is numeric, and its other cells are mistakes. */
const numericShare = 0.9;
/** Beside numbers these words stand for a missing one; as the name of a category most of them are fine. */
const missingNumber = /^(|nan|na|n\/a|null|none|-|\?|[+-]?inf(inity)?)$/i;
const missingCategory = /^(|nan|null|n\/a)$/i;

export async function analyse(
  config: TaskConfig<DataOptions, ModelOptions>,
  signal: AbortSignal,
): Promise<Analysis> {
  const file = config.resolve(config.data.path);
  const table = await read(file, signal);
  if ('problem' in table) return failed(table.problem);
  const shape = checkShape(table, config.data);
  if (shape.length > 0) return failed(...shape);
  const problems: ConfigProblem[] = [...raggedRows(table)];
  const columns = featureColumns(table, config.data, problems);
  const { labels, targets } = classes(table, config.data, problems);
  problems.push(...likeLabels(labels, '/data/label'));
  problems.push(...classWeightProblems(config.training.classWeights, labels));
  checkSizes(config, labels, targets, problems);
  return { table, columns, labels, targets, problems };
}

const nothing: Table = { header: [], rows: [], lines: [], ragged: [] };

function failed(...problems: ConfigProblem[]): Analysis {
  return { table: nothing, columns: [], labels: [], targets: [], problems };
}

async function read(file: string, signal: AbortSignal): Promise<Table | { problem: ConfigProblem }> {
  const at = '/data/path';
  const info = await stat(file).catch(() => undefined);
  if (info === undefined) return { problem: problem(at, say`${file} does not exist. Check the path.`) };
  if (!info.isFile()) return { problem: problem(at, say`${file} is a folder. Name a CSV file.`) };
  if (info.size === 0)
    return { problem: problem(at, say`${file} is empty. It needs a header line and examples.`) };
  if (info.size > mostBytes) {
    return {
      problem: problem(
        at,
        say`${file} has ${info.size} bytes; tables of up to ${mostBytes} can be trained on.`,
      ),
    };
  }
  try {
    return await readTable(file, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TableError)
      return { problem: problem(at, say`${file} (line ${error.line ?? 1}): ${error.message}`) };
    return { problem: problem(at, say`${file} cannot be read as a table: ${(error as Error).message}`) };
  }
}

function checkShape({ header, rows }: Table, data: DataOptions): ConfigProblem[] {
  const named: [string, string][] = [
    ['/data/label', data.label],
    ...(data.features ?? []).map((name, i): [string, string] => [`/data/features/${i}`, name]),
    ...data.ignore.map((name, i): [string, string] => [`/data/ignore/${i}`, name]),
    ...data.categorical.map((name, i): [string, string] => [`/data/categorical/${i}`, name]),
  ];
  const problems = named
    .filter(([, name]) => !header.includes(name))
    .map(([at, name]) => missingColumn(at, name, header));
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice !== undefined)
    problems.push(problem('/data/path', say`Two columns are named "${twice}". Rename one.`));
  const nameless = header.indexOf('');
  if (nameless >= 0)
    problems.push(problem('/data/path', say`Column ${nameless + 1} has no name in the header line.`));
  if (data.features?.includes(data.label)) {
    problems.push(
      problem(
        '/data/features',
        say`The label "${data.label}" is among the features: it would be given away.`,
      ),
    );
  }
  if (problems.length === 0 && rows.length < fewestRows) {
    const message =
      rows.length === 0
        ? say`The table has no examples; at least ${fewestRows} are needed.`
        : say`The table has only ${rows.length} examples; at least ${fewestRows} are needed.`;
    problems.push(problem('/data/path', message));
  }
  return problems;
}

function raggedRows({ header, ragged }: Table): ConfigProblem[] {
  if (ragged.length === 0) return [];
  const shown = listed(ragged.slice(0, 3).map(({ line, cells }) => say`line ${line} has ${cells}`));
  const all = ragged.length > 3 ? say`${shown} and ${ragged.length - 3} more` : shown;
  return [problem('/data/path', say`Every line needs ${header.length} cells, as the header has: ${all}.`)];
}

function featureColumns(table: Table, data: DataOptions, problems: ConfigProblem[]): Column[] {
  const chosen = data.features ?? table.header.filter((name) => name !== data.label);
  const columns = chosen
    .filter((name) => !data.ignore.includes(name))
    .map((name) => describeColumn(table, name, data.categorical.includes(name), problems));
  if (columns.length === 0) problems.push(problem('/data', say`No column is left to learn from.`));
  return columns;
}

function describeColumn(table: Table, name: string, forced: boolean, problems: ConfigProblem[]): Column {
  const index = table.header.indexOf(name);
  const cells = table.rows.map((row) => row[index] ?? '');
  const wrong = cells.flatMap((cell, i) =>
    !missingNumber.test(cell) && parseNumber(cell) === undefined ? [i] : [],
  );
  const numbers = cells.filter((cell) => parseNumber(cell) !== undefined).length;
  const numeric = !forced && numbers > 0 && numbers >= (numbers + wrong.length) * numericShare;
  const isMissing = (cell: string): boolean => (numeric ? missingNumber : missingCategory).test(cell);
  const missing = cells.flatMap((cell, i) => (isMissing(cell) ? [i] : []));
  const present = cells.filter((cell) => !isMissing(cell));
  if (missing.length > 0) {
    problems.push(
      cellProblem(
        say`Column "${name}" is empty or not a number (NaN) on ${linesOf(linesAt(table, missing))}.`,
        say`Fill the cells or delete the lines.`,
      ),
    );
  }
  if (numeric && wrong.length > 0) {
    const advice = say`Correct the cells, or list the column in data.categorical.`;
    const message = say`Column "${name}" has text among numbers on ${linesOf(linesAt(table, wrong))}.`;
    problems.push(cellProblem(message, advice));
  }
  problems.push(
    ...(numeric ? extremes(name, cells, table.lines) : forced ? [] : groupedNumbers(name, present)),
  );
  const values = numeric ? [] : [...new Set(present)].sort(byValue);
  if (values.length > mostCategories || (values.length > 20 && values.length > present.length / 2)) {
    const message = say`"${name}" has ${values.length} different texts in ${cells.length} lines: it looks like an identifier. List it in data.ignore.`;
    problems.push(
      values.length > mostCategories ? problem('/data/path', message) : warning('/data/path', message),
    );
  }
  return { name, index, kind: numeric ? 'numeric' : 'categorical', values };
}

function cellProblem(message: string, advice: string): ConfigProblem {
  return problem('/data/path', sentences(message, advice));
}

const linesAt = ({ lines }: Table, rows: readonly number[]): number[] => rows.map((row) => lines[row] ?? 0);

function classes(
  table: Table,
  data: DataOptions,
  problems: ConfigProblem[],
): { labels: string[]; targets: number[] } {
  const index = table.header.indexOf(data.label);
  const cells = table.rows.map((row) => row[index] ?? '');
  const empty = cells.flatMap((cell, i) => (cell === '' || /^nan$/i.test(cell) ? [i] : []));
  if (empty.length > 0) {
    problems.push(
      cellProblem(
        say`Column "${data.label}" has no label on ${linesOf(linesAt(table, empty))}.`,
        say`Fill the cells or delete the lines.`,
      ),
    );
  }
  const labels = [...new Set(cells)].sort(byValue);
  const places = new Map(labels.map((label, i) => [label, i]));
  return { labels, targets: cells.map((cell) => places.get(cell) ?? 0) };
}

function checkSizes(
  config: TaskConfig<DataOptions, ModelOptions>,
  labels: readonly string[],
  targets: readonly number[],
  problems: ConfigProblem[],
): void {
  const { label, validation } = config.data;
  const counts = new Map<number, number>();
  for (const target of targets) counts.set(target, (counts.get(target) ?? 0) + 1);
  if (counts.size < 2) {
    const message = say`All ${targets.length} lines have the label "${labels[0] ?? ''}" in column "${label}": with one class only there is nothing to tell apart.`;
    problems.push(problem('/data/label', message));
  } else if (counts.size > targets.length / 2) {
    const message = say`"${label}" has ${counts.size} different values in ${targets.length} lines: too many to learn. Is it the right column?`;
    problems.push(problem('/data/label', message));
  } else {
    const single = [...counts.values()].filter((count) => count === 1).length;
    if (single > 0) {
      const message =
        single === 1
          ? say`1 of the labels has one example only: it is trained on but cannot be measured.`
          : say`${single} of the labels have one example only: it is trained on but cannot be measured.`;
      problems.push(warning('/data/label', message));
    }
  }
  const training = Math.floor(targets.length * (1 - validation));
  problems.push(...largeBatch(config.training.batchSize, training));
  const { hidden } = config.model;
  const weights = hidden.reduce((sum, units, i) => sum + units * (hidden[i - 1] ?? 1), 0);
  problems.push(...modelSize('/model/hidden', weights));
}

/** Numbers by size, everything else by code point, so that the order is the same on every machine. */
function byValue(a: string, b: string): number {
  const [x, y] = [parseNumber(a), parseNumber(b)];
  if (x !== undefined && y !== undefined && x !== y) return x - y;
  if ((x === undefined) !== (y === undefined)) return x === undefined ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}
