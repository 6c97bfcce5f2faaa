/** Character n-grams as hashed ids: the wide half of a text's features. */
import type { TextNgrams } from './metadata';

/** FNV-1a, 32 bits, over UTF-16 code units. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

function addNgrams(marked: string, { longest, gaps }: TextNgrams, found: Set<string>): void {
  const characters = Array.from(marked);
  const piece = (at: number, length: number): string => characters.slice(at, at + length).join('');
  for (let size = 1; size <= longest; size++) {
    for (let i = 0; i + size <= characters.length; i++) found.add(piece(i, size));
  }
  if (!gaps) return;
  for (let i = 0; i + 2 < characters.length; i++) found.add(`${piece(i, 1)}*${piece(i + 2, 1)}`);
  for (let i = 0; i + 3 < characters.length; i++) {
    found.add(`${piece(i, 1)}*${piece(i + 2, 2)}`);
    found.add(`${piece(i, 2)}*${piece(i + 3, 1)}`);
  }
}

/** Ids (from 1) of a prepared text's n-grams, each once; shorter ones come first. */
export function ngramIds(prepared: string, options: TextNgrams): number[] {
  // Enough for `count`, so that a long text costs no more than it can use.
  const text = Array.from(prepared).slice(0, options.count).join('');
  const found = new Set<string>();
  addNgrams(`^${text}$`, options, found);
  if (options.joined) addNgrams(`_${text.replace(/[ \n\u200C]/g, '')}_`, options, found);
  return [...new Set(Array.from(found, (gram) => 1 + (hash32(gram) % (options.buckets - 1))))];
}
