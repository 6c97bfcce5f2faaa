/** Names of either direction inside a line of text. */

const firstStrongIsolate = '\u2068';
const popIsolate = '\u2069';
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/**
 * A name as it may stand inside a sentence or label: set apart when either of the two is written right to left, so
 * that it does not turn the words around it. Untouched otherwise: what people copy or search stays plain.
 */
export function isolate(name: string, context = ''): string {
  return rightToLeft.test(name) || rightToLeft.test(context) ? firstStrongIsolate + name + popIsolate : name;
}

/** Parts of a description, each kept together: `running · epoch 7/30 · loss 0.31`. */
export function joinParts(parts: readonly (string | undefined)[]): string {
  const present = parts.filter((part) => part !== undefined && part !== '');
  const mixed = present.some((part) => rightToLeft.test(part ?? ''));
  return present
    .map((part) => (mixed ? firstStrongIsolate + (part ?? '') + popIsolate : (part ?? '')))
    .join(' · ');
}
