/** How a published model is asked, whatever it does. */
import type * as z from 'zod';
import { MlError } from '../errors';

export interface Work {
  readonly signal?: AbortSignal;
  /** Awaited between steps: engines that answer at once would let nobody else have a turn, and no stop be heard. */
  readonly turn?: () => Promise<void>;
}

/** Throws `input.invalid`, naming the parameter. */
export function checkedParameters<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new MlError('input.invalid', `parameters.${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`);
}
