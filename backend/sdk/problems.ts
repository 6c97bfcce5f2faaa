/** Problems that several tasks find, each with the changes that would mend it. */
import type { ConfigProblem } from '../../protocol/model/run';
import { figure, listed, say, sentences } from '../language/say';
import { nearest } from './nearest';
import { problem, warning } from './trainingTask';

/** More choices than these help nobody. */
const offered = 12;

/** The column that was probably meant first, then the others in the file's order. */
export function columnChoices(given: string, header: readonly string[]): readonly string[] {
  const meant = nearest(given, header);
  const others = header.filter((name) => name !== meant && name !== '');
  return [...(meant === undefined ? [] : [meant]), ...others].slice(0, offered);
}

/** `at` names a column that the data lacks: a JSON pointer to the name. */
export function missingColumn(
  at: string,
  given: string,
  header: readonly string[],
  what: 'table' | 'file' = 'table',
): ConfigProblem {
  const missing =
    what === 'table' ? say`The table has no column "${given}".` : say`The file has no column "${given}".`;
  return problem(at, sentences(missing, columnsThere(header)), {
    code: 'data.column',
    fixes: columnChoices(given, header).map((value) => ({ kind: 'set', path: at, value })),
  });
}

/** Which columns there are, as a sentence. */
export function columnsThere(header: readonly string[]): string {
  return header.length === 0 ? say`It has none.` : say`It has: ${listed(header)}.`;
}

/** `line 5`, `lines 5, 7`, `lines 1, 2, 3, 4, 5 and 12 more`. */
export function linesOf(lines: readonly number[]): string {
  const shown = listed(lines.slice(0, 5));
  if (lines.length === 1) return say`line ${shown}`;
  return lines.length > 5 ? say`lines ${shown} and ${lines.length - 5} more` : say`lines ${shown}`;
}

/** The largest power of two that is not above `examples`, at least 1. */
export function batchFor(examples: number): number {
  return 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, examples))));
}

/** A batch that takes in more than all the examples; none where it does not. */
export function largeBatch(
  batchSize: number,
  examples: number,
  what: 'examples' | 'words' = 'examples',
): ConfigProblem[] {
  if (examples < 1 || batchSize <= examples) return [];
  const message =
    what === 'words'
      ? say`A batch of ${batchSize} is larger than the ${examples} words: each epoch is one step.`
      : say`A batch of ${batchSize} is larger than the ${examples} training examples: each epoch is one step.`;
  const path = '/training/batchSize';
  // A quarter of the data: several steps an epoch.
  const value = batchFor(examples / 4);
  return [warning(path, message, { code: 'training.batch', fixes: [{ kind: 'set', path, value }] })];
}

/** Weight, gradient and the two means of Adam, 4 bytes each. */
const bytesPerWeight = 16;
const heavyWeights = 50_000_000;
/** 4 GB: what engines in one process can hold at all. */
const mostWeights = 250_000_000;

/** A model that no laptop holds, or only just. `weights`: how many numbers it learns, at least. */
export function modelSize(at: string, weights: number): ConfigProblem[] {
  if (weights <= heavyWeights) return [];
  const millions = Math.round(weights / 1e6);
  const memory = figure((weights * bytesPerWeight) / 2 ** 30, 1);
  const message = say`The model would have ${millions} million weights; training it takes ${memory} GB of memory at least. Make it smaller.`;
  return [(weights > mostWeights ? problem : warning)(at, message, { code: 'model.size' })];
}
