import * as z from 'zod';

export const engine = z.object({
  name: z.string(),
  available: z.boolean(),
  version: z.string().optional(),
  /** Why it is not available, or what to know when it is. */
  reason: z.string().optional(),
});
export type Engine = z.infer<typeof engine>;

/** A module that contributes a training task, and the extension it belongs to. */
export const pluginSource = z.object({
  /** Absolute. */
  path: z.string().min(1),
  extensionId: z.string().optional(),
});
export type PluginSource = z.infer<typeof pluginSource>;

export const pluginInfo = z.object({
  /** Of one that could not be loaded: the name of its file or folder. */
  id: z.string(),
  kind: z.enum(['training-task']),
  title: z.string(),
  path: z.string(),
  /** Of a plugin that another extension brought. */
  extensionId: z.string().optional(),
  /** False for a plugin that could not be loaded: `error` says why. */
  loaded: z.boolean(),
  error: z.string().optional(),
});
export type PluginInfo = z.infer<typeof pluginInfo>;

export const trainingTask = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  /** JSON Schema (2020-12) of the whole config file. */
  schema: z.record(z.string(), z.unknown()),
});
export type TrainingTaskInfo = z.infer<typeof trainingTask>;
