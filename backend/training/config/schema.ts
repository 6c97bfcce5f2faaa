/** The schema of a whole config file: the common part around a task's `data` and `model`. */
import { z } from 'zod';
import { priority } from '../../../protocol/model/run';
import { engineChoice } from '../../../protocol/model/settings';
import { trainingOptions } from '../../sdk/options';
import type { TrainingTask } from '../../sdk/trainingTask';

const commonFields = {
  $schema: z.string().optional().describe('For other editors; Goya needs none.'),
  task: z.string().min(1).describe('What to train.'),
  name: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe('Name of the run and of its model; the file name by default.'),
  training: trainingOptions.prefault({}),
  engine: engineChoice
    .optional()
    .describe('What computes. `auto` takes the best that works here: tensorflow, then wasm, then cpu.'),
  priority: priority
    .optional()
    .describe('Place in the queue when several runs wait: higher ones start first; 0 by default.'),
  output: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Folder for the trained model, relative to this file, inside the workspace; models/trained/<name> by default.',
    ),
};

/** What every config shares; `data` and `model` unchecked. Used where the task is unknown. */
export const commonConfig = z.strictObject({
  ...commonFields,
  data: z.record(z.string(), z.unknown()).optional(),
  model: z.record(z.string(), z.unknown()).optional(),
});

export function configSchema(id: string, task: TrainingTask) {
  const model = task.model.safeParse({}).success ? task.model.prefault({}) : task.model;
  return z.strictObject({
    ...commonFields,
    task: z.literal(id).describe(task.description),
    data: task.data.describe(task.data.description ?? 'The data to train on.'),
    model: model.describe(task.model.description ?? 'The size and shape of the model.'),
  });
}

export type ConfigSchema = ReturnType<typeof configSchema>;
export type ParsedConfig = z.output<ConfigSchema>;

export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly description?: string;
  readonly [key: string]: unknown;
}

/** JSON Schema 2020-12 of what a person writes: fields with defaults are optional. Comments are the editor's business. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
  }) as unknown as JsonSchema;
}

/** The schema of the value at `path`, as far as plain objects lead there. */
export function schemaAt(schema: JsonSchema, path: readonly PropertyKey[]): JsonSchema | undefined {
  let current: JsonSchema | undefined = schema;
  for (const part of path) current = current?.properties?.[String(part)];
  return current;
}
