/** Labels that a person reads as one: two spellings would be two classes, and half of each called a mistake. */
import { normalize } from '../../ml/text/normalize';
import { listed, say } from '../language/say';
import { warning, type ConfigProblem } from './trainingTask';

const fold = (label: string): string =>
  normalize(label, { halfSpace: 'remove', digits: 'latin' })
    .replace(/[\s_-]+/g, '')
    .toLowerCase();

/** A pair of labels is enough to be looked at. `path` points to where the labels are named. */
export function likeLabels(labels: readonly string[], path: string): ConfigProblem[] {
  const seen = new Map<string, string[]>();
  for (const label of labels) {
    const key = fold(label);
    seen.set(key, [...(seen.get(key) ?? []), label]);
  }
  return [...seen]
    .filter(([key, same]) => key !== '' && same.length > 1)
    .slice(0, 5)
    .map(([, same]) => {
      const names = listed(same.map((label) => say`"${label}"`));
      return warning(
        path,
        say`Labels that read alike are learnt as different ones: ${names}. Spell them alike if they are one.`,
      );
    });
}
