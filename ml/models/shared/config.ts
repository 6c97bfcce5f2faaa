import type * as z from 'zod';
import { MlError } from '../../errors';

/** A model's config.json, or another such file, against its schema. Throws `model.corrupt` that names the field. */
export function parseConfig<T>(schema: z.ZodType<T>, config: unknown, file = 'config.json'): T {
  const parsed = schema.safeParse(config);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new MlError(
    'model.corrupt',
    `${file} is not as it should be: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`,
  );
}
