/** Other names for the same weights: files of different ages call the same tensor differently. */
import { toTensor, type Weights } from './weights';

/** `original` turns a name asked for into the file's, or gives undefined where there is none. */
export function renamed(
  weights: Weights,
  names: () => readonly string[],
  original: (name: string) => string,
): Weights {
  return {
    names,
    has: (name) => weights.has(original(name)),
    info: (name) => weights.info(original(name)),
    read: (name) => weights.read(original(name)),
    load: async (name) => toTensor(await weights.read(original(name))),
  };
}

/** Weights whose names start with `prefix`, without it. */
export function withoutPrefix(weights: Weights, prefix: string): Weights {
  if (prefix === '') return weights;
  const names = (): string[] =>
    weights
      .names()
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
  return renamed(weights, names, (name) => `${prefix}${name}`);
}

/** The first of `prefixes` under which `probe` exists, taken off; the weights as they are when there is none. */
export function rooted(weights: Weights, prefixes: readonly string[], probe: string): Weights {
  const prefix = prefixes.find((one) => weights.has(`${one}${probe}`));
  return withoutPrefix(weights, prefix ?? '');
}

/** For a name that is not there, the first of its `aliases` that is: `LayerNorm.weight` for `LayerNorm.gamma`. */
export function withAliases(weights: Weights, aliases: (name: string) => readonly string[]): Weights {
  return renamed(
    weights,
    () => weights.names(),
    (name) => (weights.has(name) ? name : (aliases(name).find((alias) => weights.has(alias)) ?? name)),
  );
}
