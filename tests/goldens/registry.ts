/** Every kind of case that can be run; the first that matches is taken. */
import { bertGolden } from './bertGolden';
import { ctcLossGolden } from './ctcLossGolden';
import { dspGolden } from './dspGolden';
import { gpt2Golden } from './gpt2Golden';
import type { GoldenFamily } from './goldenCase';
import { hifiganGolden } from './hifiganGolden';
import { vitsGolden } from './vitsGolden';
import { wav2vec2Golden } from './wav2vec2Golden';
import { weightFormatsGolden } from './weightFormatsGolden';
import { whisperGolden } from './whisperGolden';

export const families: readonly GoldenFamily[] = [
  // Before the models: it has a model's config beside its files.
  weightFormatsGolden,
  gpt2Golden,
  bertGolden,
  wav2vec2Golden,
  whisperGolden,
  hifiganGolden,
  vitsGolden,
  dspGolden,
  ctcLossGolden,
];
