/** What `inference/run` answers for a bare model: a tensor, or a list of several, in the model's order. */
import * as z from 'zod';
import type { ModelOutput } from './model';

const answered = z.object({
  name: z.string().optional(),
  dtype: z.string().default('float32'),
  shape: z.array(z.number()),
  data: z.array(z.union([z.number(), z.string(), z.null()])),
});

export function backendTensors(values: unknown): NonNullable<ModelOutput['values']> {
  const list = z.union([answered.transform((one) => [one]), z.array(answered)]).parse(values);
  return list.map((tensor, i) => ({
    ...tensor,
    name: tensor.name ?? (list.length === 1 ? 'output' : `output ${i + 1}`),
  }));
}
