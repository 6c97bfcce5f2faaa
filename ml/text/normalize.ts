/** Persian text as one would have typed it: what looks the same becomes the same. Pure; nothing but strings. */
import { affixes } from './affixes';
import { latinDigits, persianDigits } from './digits';
import { halfSpace, halfSpaceAsSpace, halfSpaceRemoved } from './halfSpace';
import { bidiControls, controls } from './invisible';
import { composed, heh, kaf, presentationForms, yeh } from './letters';
import { diacritics, kashida } from './marks';
import { punctuationSpacing } from './punctuation';
import { sequence, type Rule, type Step } from './rule';
import { spaces } from './spaces';
import { untilStable } from './stable';

export interface NormalizeOptions {
  /** Arabic and presentation forms of letters become Persian letters. Default true. */
  readonly letters?: boolean;
  /** The form that Persian, Arabic and Latin digits take. Default `persian`. */
  readonly digits?: 'persian' | 'latin' | 'keep';
  /** Vowel signs and the like are taken off. Default true. */
  readonly diacritics?: boolean;
  /** Zero-width non-joiners are set right and kept, or become spaces, or nothing. Default `keep`. */
  readonly halfSpace?: 'keep' | 'space' | 'remove';
  /** Prefixes and endings that stand apart are joined to their word. Default false: it is a guess. */
  readonly affixes?: boolean;
  /** Spaces around punctuation are set right. Default true. */
  readonly punctuation?: boolean;
}

const digitRules = { persian: [persianDigits], latin: [latinDigits], keep: [] } as const;
const halfSpaceRules = { keep: [], space: [halfSpaceAsSpace], remove: [halfSpaceRemoved] } as const;

/** The order matters: nothing invisible may stand between what has to be seen together. */
function rulesFor(options: NormalizeOptions): Rule {
  const { letters = true, digits = 'persian', punctuation = true } = options;
  const when = (wanted: boolean, ...rules: readonly Rule[]): readonly Rule[] => (wanted ? rules : []);
  return sequence([
    ...when(letters, presentationForms),
    bidiControls,
    controls,
    kashida,
    ...when(options.diacritics ?? true, diacritics),
    composed,
    ...when(letters, yeh, kaf, heh, composed),
    ...digitRules[digits],
    halfSpace,
    spaces,
    // Parts that are to be words of their own need not be joined first.
    ...when(options.affixes === true && options.halfSpace !== 'space', affixes, halfSpace),
    ...halfSpaceRules[options.halfSpace ?? 'keep'],
    ...when(punctuation, punctuationSpacing),
    composed,
  ]);
}

const known = new Map<string, Rule>();

function ruleFor(options: NormalizeOptions): Rule {
  const { letters, digits, diacritics: marks, halfSpace: joiner, affixes: apart, punctuation } = options;
  const key = [letters, digits, marks, joiner, apart, punctuation].map(String).join();
  const found = known.get(key) ?? rulesFor(options);
  known.set(key, found);
  return found;
}

/** Persian words with single spaces between: most text, and no rule but that for affixes changes them. */
const plain =
  /^[\u0622\u0626-\u0628\u062A-\u063A\u0641\u0642\u0644-\u0648\u067E\u0686\u0698\u06A9\u06AF\u06CC]+(?: [\u0622\u0626-\u0628\u062A-\u063A\u0641\u0642\u0644-\u0648\u067E\u0686\u0698\u06A9\u06AF\u06CC]+)*$/;

/** Normalises once and for all: `normalize(normalize(text))` is `normalize(text)`. */
export function normalize(text: string, options: NormalizeOptions = {}): string {
  if (options.affixes !== true && plain.test(text)) return text;
  return untilStable(text, ruleFor(options));
}

/** One pass as data, for programs that cannot import this module: repeated until nothing changes, it is `normalize`. */
export function normalizationSteps(options: NormalizeOptions = {}): readonly Step[] {
  return ruleFor(options).steps;
}
