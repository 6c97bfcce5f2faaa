import type { z } from 'zod';
import { MlError } from '../../errors';

/** A model's config.json against its schema. Throws `model.corrupt` that names the field. */
export function parseConfig<T>(schema: z.ZodType<T>, config: unknown): T {
  const parsed = schema.safeParse(config);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new MlError(
    'model.corrupt',
    `config.json is not as it should be: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`,
  );
}
