/** Where the x axis goes when it is zoomed or moved: always within what there is. */

export type Range = readonly [number, number];

/** `factor` under 1 comes closer; `at` stays where it is. Undefined: everything is in view. */
export function zoomed([from, to]: Range, full: Range, factor: number, at: number): Range | undefined {
  const width = (to - from) * factor;
  if (width >= full[1] - full[0]) return undefined;
  // Closer than this, neighbouring numbers are the same.
  const least = Math.max(Math.abs(full[0]), Math.abs(full[1])) * 1e-9;
  if (width < least) return [from, to];
  const share = (at - from) / (to - from);
  return within([at - width * share, at + width * (1 - share)], full);
}

/** By a share of what is in view: 0.1 is a tenth to the right. */
export function moved([from, to]: Range, full: Range, share: number): Range | undefined {
  if (to - from >= full[1] - full[0]) return undefined;
  const by = (to - from) * share;
  return within([from + by, to + by], full);
}

function within([from, to]: Range, full: Range): Range {
  const by = from < full[0] ? full[0] - from : to > full[1] ? full[1] - to : 0;
  return [from + by, to + by];
}
