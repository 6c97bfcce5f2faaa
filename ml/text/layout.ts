/** Whether rules see a text as a whole, or the pieces of its lines, whose places nothing may move. */
export type Layout = 'tidy' | 'keep';

/** A piece of a line between its margins and tabs. */
const piece = /[^\s\u200C](?:[^\t\n\r\v\f\u0085\u2028\u2029]*[^\s\u200C])?/gu;

/** `keep` hands on each piece between line breaks and tabs alone; margins stay as they are. */
export function eachPart(text: string, layout: Layout, apply: (part: string) => string): string {
  return layout === 'tidy' ? apply(text) : text.replace(piece, (part) => apply(part));
}
