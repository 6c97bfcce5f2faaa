/** What the backend found out of a model that a runtime runs, before it asks the inference process. */
import { z } from 'zod';

export const runtimeChoice = z.object({
  /** The runtime's module and name. */
  entry: z.string(),
  title: z.string(),
  /** The model's folder, and what changes when it is replaced. */
  folder: z.string(),
  version: z.string(),
  /** The engine's folder. */
  engine: z.string(),
});
export type RuntimeChoice = z.infer<typeof runtimeChoice>;
