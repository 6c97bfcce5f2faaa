/** What may be set right in a text, one kind at a time: what a person agrees to is all that changes. */
import { persianDigits } from './digits';
import { halfSpace } from './halfSpace';
import { bidiControls, controls } from './invisible';
import { composed, heh, kaf, presentationForms, yeh } from './letters';
import { kashida } from './marks';
import { sequence } from './rule';
import { spaces } from './spaces';

export const fixKinds = ['letters', 'digits', 'invisible', 'halfSpace', 'spaces'] as const;
export type FixKind = (typeof fixKinds)[number];

/** Each leaves a text alone that has nothing of its kind. */
export const fixRules: Readonly<Record<FixKind, (text: string) => string>> = {
  /** Arabic ye, kaf and forms of heh, and letters stored by their shape. */
  letters: sequence([presentationForms, yeh, kaf, heh, composed]),
  /** To Persian digits. */
  digits: persianDigits,
  /** Controls, marks of direction, stretching. */
  invisible: sequence([bidiControls, controls, kashida]),
  /** Zero-width non-joiners in a row, at a word's edge or after letters that never join. */
  halfSpace: halfSpace,
  spaces,
};

/** All that is asked for, in an order in which nothing hides from a later rule. */
export function applyFixes(text: string, kinds: readonly FixKind[]): string {
  return fixKinds.filter((kind) => kinds.includes(kind)).reduce((fixed, kind) => fixRules[kind](fixed), text);
}
