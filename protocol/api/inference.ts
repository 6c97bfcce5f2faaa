import { inferenceParams, inferenceResult } from '../model/inference';
import { request } from '../wire/spec';
import { progressToken } from './topics';

/** With a token, a model that writes sends its pieces as `$/progress`: their values parse with `inferenceProgress`. */
export const inferenceRun = request(
  'inference/run',
  inferenceParams.extend({ token: progressToken.optional() }),
  inferenceResult,
);
