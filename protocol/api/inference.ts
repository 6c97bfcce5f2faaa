import { inferenceParams, inferenceResult } from '../model/inference';
import { request } from '../wire/spec';
import { progressToken } from './topics';

/** With a token, a downloaded model sends what it has so far as `$/progress`: the values parse with `inferenceProgress`. */
export const inferenceRun = request(
  'inference/run',
  inferenceParams.extend({ token: progressToken.optional() }),
  inferenceResult,
);
