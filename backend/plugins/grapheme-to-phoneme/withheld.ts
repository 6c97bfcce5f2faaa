/**
 * Words that a run neither learns from nor chooses its weights by: the honest measure of it. Validation figures choose the
 * epoch, and people choose settings by them.
 */
import { createHash } from 'node:crypto';
import { byStem, type Entry } from './lexicon';

/**
 * Whole stems in the order of the SHA-256 of their letters, until their words make up the share: a draw that depends on
 * neither the run's seed nor the order of the file, so that every run of a lexicon withholds the same words. A stem that
 * would exceed the share is passed over, unless there is no other yet.
 */
export function withhold(
  entries: readonly Entry[],
  share: number,
): { readonly words: readonly Entry[]; readonly withheld: readonly Entry[] } {
  if (share === 0) return { words: entries, withheld: [] };
  const aim = Math.round(entries.length * share);
  const held = new Set<number>();
  const stems = [...byStem(entries)].map(([stem, group]) => ({ group, order: orderOf(stem) }));
  stems.sort((a, b) => (a.order < b.order ? -1 : 1));
  for (const { group } of stems) {
    if (held.size > 0 && held.size + group.length > aim) continue;
    if (held.size + group.length >= entries.length) continue;
    for (const index of group) held.add(index);
  }
  return {
    words: entries.filter((_, i) => !held.has(i)),
    withheld: entries.filter((_, i) => held.has(i)),
  };
}

const orderOf = (stem: string): string => createHash('sha256').update(stem).digest('hex');
