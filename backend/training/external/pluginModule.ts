/** Checks what a plugin module from outside exports, field by field, and makes it a task like Goya's own. */
import { z } from 'zod';
import { trainedMetadata } from '../../../ml/trained/metadata';
import { pluginId, taskOf } from '../../sdk/contract';
import type { PluginTask, TrainingPlugin } from '../../sdk/published';
import { pluginSdk } from '../../sdk/pluginSdk';
import type { TrainingSetup, TrainingTask } from '../../sdk/trainingTask';

const callable = z.custom<(...args: never[]) => unknown>(
  (value) => typeof value === 'function',
  'must be a function',
);
const plugin = z.looseObject({
  apiVersion: z.literal(1, 'must be 1, the version of the contract that this Goya knows'),
  id: pluginId.max(64),
  create: callable,
});
/** What stands in menus and hovers is not a book. */
const task = z.looseObject({
  title: z.string().trim().min(1).max(200),
  description: z.string().trim().min(1).max(4000),
  usesClassWeights: z.boolean().optional(),
  prepare: callable,
});

const trainingSetup = z.looseObject({
  model: z.looseObject({}),
  stepsPerEpoch: z.number().int().positive(),
  trainBatches: callable,
  loss: callable,
  evaluate: callable,
  metadata: callable,
});
const taskMetadata = trainedMetadata.pick({ labels: true, preprocessing: true, answers: true });

export interface ExternalTask {
  readonly id: string;
  readonly task: PluginTask;
}

/** Whether a module speaks this contract; Goya's own export a task at once. */
export function isExternal(module: unknown): boolean {
  const exported = (module as { default?: unknown } | undefined)?.default;
  return typeof exported === 'object' && exported !== null && 'apiVersion' in exported;
}

/** The task of an imported module. Throws an error that names each missing or wrong field, or what `create` threw. */
export async function externalTaskOf(module: unknown): Promise<ExternalTask> {
  const exported = (module as { default?: unknown } | undefined)?.default;
  if (exported === undefined)
    throw new Error('the module has no default export; it must be { apiVersion: 1, id, create }');
  check(plugin.safeParse(exported), 'the default export');
  const { id, create } = exported as TrainingPlugin;
  const made: unknown = await create(pluginSdk);
  check(task.safeParse(made), 'what create() answered');
  // The rest is the same for every task.
  taskOf({ default: { ...(made as object), load: () => Promise.resolve({}) } });
  return { id, task: made as PluginTask };
}

function check(parsed: z.ZodSafeParseResult<unknown>, what: string): void {
  if (parsed.success) return;
  const faults = parsed.error.issues.map(
    (issue) => `${issue.path.map(String).join('.') || 'it'}: ${issue.message}`,
  );
  throw new Error(`${what} does not keep the contract: ${faults.join('; ')}`);
}

/** For the trainer's process, which is the only one to call `load()` and so to load tensors. */
export function toTrainingTask({ task: external }: ExternalTask): TrainingTask {
  const { title, description, data, model, usesClassWeights } = external;
  return {
    title,
    description,
    data,
    model,
    ...(usesClassWeights === undefined ? {} : { usesClassWeights }),
    inspect: async (context) => [...(await external.inspect(context))],
    load: async () => {
      const { trainerKit } = await import('../../sdk/trainerKit');
      return {
        prepare: async (context) => {
          const setup = await external.prepare(context, trainerKit);
          check(trainingSetup.safeParse(setup), 'what prepare() answered');
          check(taskMetadata.safeParse(setup.metadata()), 'what metadata() answered');
          return setup as TrainingSetup;
        },
      };
    },
  };
}
