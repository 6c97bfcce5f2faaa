/** What the backend and the inference process say to each other over Node's IPC; parsed at both ends. */
import { z } from 'zod';
import { failure } from '../../protocol/model/common';
import { inferenceParams, inferenceProgress, inferenceResult } from '../../protocol/model/inference';
import { engineChoice } from '../../protocol/model/settings';
import { runtimeChoice } from './runtimeChoice';

export const toInference = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run'),
    id: z.number().int(),
    params: inferenceParams.extend({ engine: engineChoice }),
    storagePath: z.string(),
    /** Of a model that a runtime runs; others are tf.js's. */
    runtime: runtimeChoice.optional(),
    /** Somebody listens to how far it is: a voice writes its pieces as well. */
    watched: z.boolean(),
  }),
  /** Its answer is no longer wanted. */
  z.object({ type: z.literal('stop'), id: z.number().int() }),
]);
export type ToInference = z.infer<typeof toInference>;

export type RunRequest = Extract<ToInference, { type: 'run' }>;

export const fromInference = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), id: z.number().int(), progress: inferenceProgress }),
  /** It is in code that may end the process: what it is at, to be told then. */
  z.object({ type: z.literal('entering'), id: z.number().int(), what: z.enum(['open', 'run']) }),
  z.object({ type: z.literal('done'), id: z.number().int(), result: inferenceResult }),
  z.object({
    type: z.literal('failed'),
    id: z.number().int(),
    failure: failure.extend({ details: z.record(z.string(), z.unknown()).optional() }),
    /** For the log. */
    stack: z.string().optional(),
  }),
]);
export type FromInference = z.infer<typeof fromInference>;
