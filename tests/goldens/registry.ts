/** Every kind of case that can be run; the first that matches is taken. */
import { ctcLossGolden } from './ctcLossGolden';
import { gpt2Golden } from './gpt2Golden';
import type { GoldenFamily } from './goldenCase';
import { weightFormatsGolden } from './weightFormatsGolden';

export const families: readonly GoldenFamily[] = [
  // Before the models: it has a model's config beside its files.
  weightFormatsGolden,
  gpt2Golden,
  ctcLossGolden,
];
