/** What a plugin from outside is handed; the types are the published ones. No tensors: `trainerKit.ts` has those. */
import { z } from 'zod';
import { parseNumber } from '../../ml/trained/tabularFeatures';
import { invalidData } from './errors';
import type * as published from './published';
import { Random } from './random';
import { sayIn } from './say';
import { dataPath, validationShare } from './schema';
import { inBatches, shuffledBatches, stratifiedSplit } from './split';
import { detectDelimiter, readTable } from './table';
import { problem, warning } from './trainingTask';

/** The trainer hands over its own generators; whatever else comes is the plugin's mistake. */
function own(random: published.Random): Random {
  if (random instanceof Random) return random;
  throw new Error('the random numbers must come from the generator that the trainer handed over');
}

export const pluginSdk: published.PluginSdk = {
  z,
  // The task's own types are its author's business; from here on it is one of many.
  defineTask: (task) => task,
  dataPath,
  validationShare,
  problem,
  warning,
  invalidData,
  sayIn,
  readTable,
  detectDelimiter,
  parseNumber,
  stratifiedSplit: (labels, share, random) => stratifiedSplit(labels, share, own(random)),
  shuffledBatches: (indices, batchSize, random) => shuffledBatches(indices, batchSize, own(random)),
  inBatches,
};
