import { inferenceParams, inferenceResult } from '../model/inference';
import { request } from '../wire/spec';

export const inferenceRun = request('inference/run', inferenceParams, inferenceResult);
