/** Patterns of `include` and `exclude`, as both ends write them. Pure. */

/** A pattern that matches this path and nothing else: `*`, `?` and `[` stand for themselves in a set of one. */
export function exactPattern(path: string): string {
  return path.replaceAll(/[*?[]/g, (sign) => `[${sign}]`);
}

/** The shortest `include` that means exactly `chosen` out of `all`; undefined when that is nothing. */
export function patternsFor(chosen: readonly string[], all: readonly string[]): string[] | undefined {
  if (chosen.length === 0) return undefined;
  return chosen.length === all.length ? ['*'] : chosen.map(exactPattern);
}
