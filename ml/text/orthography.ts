/** Persian text as its orthography wants it: what `text/normalize` and the editor's command do. */
import { digitsInText } from './digitsInText';
import {
  afterBracket,
  ellipsis,
  guillemets,
  persianComma,
  persianPercent,
  persianQuestionMark,
  persianSemicolon,
} from './marksOfPersian';
import { normalize } from './normalize';
import { sequence } from './rule';
import { eachPart, type Layout } from './layout';
import { untilStable } from './stable';

export interface OrthographyOptions {
  /** The form that digits take outside Latin words. Default `persian`. */
  readonly digits?: 'persian' | 'latin' | 'keep' | undefined;
  /** Vowel signs: taken off by default. */
  readonly diacritics?: 'remove' | 'keep' | undefined;
  /** `tidy` (default): lines lose their margins and empty lines go. `keep`: margins, tabs and lines stay as they are. */
  readonly layout?: Layout | undefined;
}

const persianMarks = sequence([
  persianComma,
  persianSemicolon,
  persianQuestionMark,
  persianPercent,
  guillemets,
  afterBracket,
  ellipsis,
]);

/** Orthography is set right once and for all: a second time changes nothing. */
export function orthography(text: string, options: OrthographyOptions = {}): string {
  const { digits = 'persian', diacritics = 'remove', layout = 'tidy' } = options;
  const pass = (part: string): string =>
    persianMarks(
      digitsInText(
        normalize(part, { affixes: true, digits: 'keep', diacritics: diacritics === 'remove' }),
        digits,
      ),
    );
  return eachPart(text, layout, (part) => untilStable(part, pass));
}
