/**
 * A rule of normalisation is a list of replacements. They are data, so that a program written for the user ("View code")
 * can carry the very same rules.
 */
export type Step =
  /** Every match becomes `to`; `$1` … are the groups. The pattern is read with the flags `gu`. */
  | { readonly find: string; readonly to: string }
  /** Every match becomes its compatibility form; without `find` the whole text becomes its composed form (NFC). */
  | { readonly find: string; readonly form: 'NFKC' }
  | { readonly form: 'NFC' };

export interface Rule {
  (text: string): string;
  readonly steps: readonly Step[];
}

function compile(step: Step): (text: string) => string {
  if (!('find' in step)) return (text) => text.normalize(step.form);
  const pattern = new RegExp(step.find, 'gu');
  if ('form' in step) return (text) => text.replace(pattern, (match) => match.normalize(step.form));
  return (text) => text.replace(pattern, step.to);
}

export function rule(...steps: readonly Step[]): Rule {
  const compiled = steps.map(compile);
  return Object.assign((text: string) => compiled.reduce((value, apply) => apply(value), text), { steps });
}

/** One rule after another, as one. */
export function sequence(rules: readonly Rule[]): Rule {
  return Object.assign((text: string) => rules.reduce((value, apply) => apply(value), text), {
    steps: rules.flatMap(({ steps }) => steps),
  });
}
