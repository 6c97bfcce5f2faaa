import { listed, say } from '../language/say';
import type { ClassWeights } from './options';
import { problem, type ConfigProblem } from './trainingTask';

/** Weights for labels that the data does not have, or that leave nothing to learn. `path` points to them. */
export function classWeightProblems(
  weights: ClassWeights | undefined,
  labels: readonly string[],
  path = '/training/classWeights',
): ConfigProblem[] {
  if (weights === undefined || typeof weights === 'string' || labels.length === 0) return [];
  const unknown = Object.keys(weights).find((label) => !labels.includes(label));
  if (unknown !== undefined) {
    const known = listed([...labels.slice(0, 8), ...(labels.length > 8 ? ['…'] : [])]);
    return [problem(path, say`There is no label "${unknown}". The labels are: ${known}.`)];
  }
  if (labels.some((label) => (weights[label] ?? 1) > 0)) return [];
  return [problem(path, say`Every label weighs 0, so nothing would be learnt.`)];
}
