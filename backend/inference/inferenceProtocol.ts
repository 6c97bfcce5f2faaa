/** What the backend and the inference process say to each other over Node's IPC; parsed at both ends. */
import { z } from 'zod';
import { failure } from '../../protocol/model/common';
import { inferenceParams, inferenceResult } from '../../protocol/model/inference';
import { engineChoice } from '../../protocol/model/settings';

export const toInference = z.object({
  id: z.number().int(),
  params: inferenceParams.extend({ engine: engineChoice }),
  storagePath: z.string(),
});
export type ToInference = z.infer<typeof toInference>;

export const fromInference = z.discriminatedUnion('type', [
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
