/** Problems that several tasks find, each with the changes that would mend it. */
import type { ConfigProblem } from '../../protocol/model/run';
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
  what = 'The table',
): ConfigProblem {
  const have = header.length === 0 ? 'It has none.' : `It has: ${header.join(', ')}.`;
  return problem(at, `${what} has no column "${given}". ${have}`, {
    code: 'data.column',
    fixes: columnChoices(given, header).map((value) => ({ kind: 'set', path: at, value })),
  });
}

/** The largest power of two that is not above `examples`, at least 1. */
export function batchFor(examples: number): number {
  return 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, examples))));
}

/** A batch that takes in more than all the examples; none where it does not. */
export function largeBatch(batchSize: number, examples: number, what = 'training examples'): ConfigProblem[] {
  if (examples < 1 || batchSize <= examples) return [];
  const message = `A batch of ${batchSize} is larger than the ${examples} ${what}: each epoch is one step.`;
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
  const size = `${Math.round(weights / 1e6)} million weights`;
  const memory = `${((weights * bytesPerWeight) / 2 ** 30).toFixed(1)} GB`;
  const message = `The model would have ${size}; training it takes ${memory} of memory at least. Make it smaller.`;
  return [(weights > mostWeights ? problem : warning)(at, message, { code: 'model.size' })];
}
