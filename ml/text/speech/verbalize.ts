/** Everything that a voice must say, in Persian words: what `text/verbalize` answers. */
import { latinDigits } from '../digits';
import { eachPart, type Layout } from '../layout';
import { orthography } from '../orthography';
import { untilStable } from '../stable';
import { abbreviations } from './abbreviations';
import { addresses } from './addresses';
import { codes } from './codes';
import { dates } from './dates';
import { isSayable, sayableLetters, tidyPauses } from './finish';
import { latin, latinNames } from './latin';
import { latinMonths } from './latinMonths';
import { mathematics } from './mathematics';
import { money } from './money';
import { dotted, remainingNumbers, versions } from './numbers';
import { fractions, ranges, ratios, scores } from './pairs';
import { readings } from './reading';
import { romanNumerals } from './roman';
import { about, emoji, hashtags, signWords, silentMarks } from './symbols';
import { telephones } from './telephones';
import { times } from './times';
import { units } from './units';

/** What has more signs goes first: a date holds a fraction, an address a decimal. */
const inOrder = readings([
  emoji,
  addresses,
  abbreviations,
  latinMonths,
  dates,
  times,
  telephones,
  codes,
  dotted,
  versions,
  money,
  latinNames,
  units,
  mathematics,
  scores,
  ranges,
  ratios,
  about,
  fractions,
  romanNumerals,
  hashtags,
  remainingNumbers,
  latin,
  silentMarks,
  signWords,
]);

function pass(text: string, diacritics: 'keep' | 'remove'): string {
  const written = orthography(text, { digits: 'latin', diacritics });
  const read = isSayable(written) ? abbreviations(written) : inOrder(latinDigits(written));
  return tidyPauses(sayableLetters(read, diacritics));
}

export interface VerbalizeOptions {
  /** `keep` leaves the margins, tabs and line breaks of the text where they are. Default `tidy`. */
  readonly layout?: Layout | undefined;
  /** Vowel signs, which some voices read: removed by default. */
  readonly diacritics?: 'keep' | 'remove' | undefined;
}

/** Only Persian letters, half spaces, spaces, line breaks and pauses remain. A second time changes nothing. */
export function verbalize(text: string, options: VerbalizeOptions = {}): string {
  const { layout = 'tidy', diacritics = 'remove' } = options;
  return eachPart(text, layout, (part) => untilStable(part, (given) => pass(given, diacritics)));
}
