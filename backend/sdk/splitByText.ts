import type { Random } from './random';

/**
 * Some recordings apart, to measure a model by. Equal texts go to one side: it must not be measured by sentences that it has
 * learnt.
 */
export function splitByText<Recording>(
  recordings: readonly Recording[],
  textOf: (recording: Recording) => string,
  share: number,
  random: Random | undefined,
): { training: Recording[]; validation: Recording[] } {
  const texts = [...new Set(recordings.map(textOf))];
  const order = random === undefined ? texts : random.shuffle(texts);
  const count =
    texts.length < 2 ? 0 : Math.min(texts.length - 1, Math.max(1, Math.round(texts.length * share)));
  const held = new Set(order.slice(0, count));
  return {
    training: recordings.filter((one) => !held.has(textOf(one))),
    validation: recordings.filter((one) => held.has(textOf(one))),
  };
}
