/** Prefixes and endings that stand apart from their word, or are joined without the half space, are set right. */
import { afterHeh, copula, degreeEnding, pluralEnding } from './endings';
import { sequence } from './rule';
import { verbalPrefixes } from './verbs';

export const affixes = sequence([
  verbalPrefixes.apart,
  verbalPrefixes.together,
  pluralEnding,
  degreeEnding,
  verbalPrefixes.perfect,
  afterHeh,
  copula,
]);
