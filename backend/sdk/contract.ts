/** Checks what a plugin's `index` exports, before anything of it is called. */
import { z } from 'zod';
import type { TrainingTask } from './trainingTask';

/** Ids are folder names and stand in config files. */
export const pluginId = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'use lower-case words joined by hyphens');

const callable = z.custom<(...args: never[]) => unknown>(
  (value) => typeof value === 'function',
  'must be a function',
);
/** Told by shape, not by class: a plugin may bring a zod of its own. */
const objectSchema = z.custom<z.ZodObject>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { safeParse?: unknown }).safeParse === 'function' &&
    typeof (value as { shape?: unknown }).shape === 'object',
  'must be a zod object schema',
);

const trainingTask = z.looseObject({
  title: z.string().min(1),
  description: z.string().min(1),
  data: objectSchema,
  model: objectSchema,
  inspect: callable,
  load: callable,
});

/** The task of an imported plugin module. Throws an error that names each missing or wrong field. */
export function taskOf(module: unknown): TrainingTask {
  const task = (module as { default?: unknown } | undefined)?.default;
  if (task === undefined) {
    throw new Error('index must export its task as default: `export default defineTrainingTask({…})`');
  }
  const parsed = trainingTask.safeParse(task);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(
      (issue) => `${issue.path.map(String).join('.') || 'default'}: ${issue.message}`,
    );
    throw new Error(`the exported task does not keep the contract: ${faults.join('; ')}`);
  }
  return task as TrainingTask;
}

/** The same for the module behind `load()`, in the trainer's process. */
export function trainModuleOf(module: unknown): Awaited<ReturnType<TrainingTask['load']>> {
  if (typeof (module as { prepare?: unknown } | undefined)?.prepare !== 'function') {
    throw new Error('load() must answer a module with a function `prepare`');
  }
  return module as Awaited<ReturnType<TrainingTask['load']>>;
}
