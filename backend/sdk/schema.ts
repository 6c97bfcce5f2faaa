/** Zod pieces for a task's `data` and `model` sections. */
import { z } from 'zod';

/** Marks a field as a path: Goya checks that it exists and stays inside the workspace before `inspect` runs. */
export function dataPath(description: string): z.ZodString {
  return z.string().min(1).meta({ description, format: 'path' });
}

/** Share of the examples kept out of training to measure it by. */
export function validationShare(share = 0.2): z.ZodDefault<z.ZodNumber> {
  return z
    .number()
    .min(0.01)
    .max(0.9)
    .default(share)
    .describe('Share of the examples kept out of training, to measure the model by (split by label).');
}
