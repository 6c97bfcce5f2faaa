import type { Random } from '../../sdk/random';
import { stratifiedSplit } from '../../sdk/split';
import type { Analysis, Prepared } from './data';

export interface ExampleSplit {
  readonly training: readonly Prepared[];
  readonly validation: readonly Prepared[];
}

/**
 * A file of its own is the validation set. Without one the different texts are split by label; a repeated text goes
 * where it stands first in training, and is measured once: nothing is learnt that is measured.
 */
export function splitExamples(
  { examples, validation }: Pick<Analysis, 'examples' | 'validation'>,
  share: number,
  classOf: ReadonlyMap<string, number>,
  random: Random,
): ExampleSplit {
  if (validation !== undefined) return { training: examples, validation };
  const byText = new Map<string, Prepared[]>();
  for (const example of examples) {
    const same = byText.get(example.prepared);
    if (same === undefined) byText.set(example.prepared, [example]);
    else same.push(example);
  }
  const groups = [...byText.values()];
  const classes = groups.map(([first]) => classOf.get(first?.label ?? '') ?? 0);
  const split = stratifiedSplit(classes, share, random);
  return {
    training: split.training.flatMap((i) => groups[i] ?? []),
    validation: split.validation.flatMap((i) => groups[i]?.slice(0, 1) ?? []),
  };
}
