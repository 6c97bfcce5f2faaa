import { z } from 'zod';
import { bytes, id, seq, time } from './common';

export const modelTypes = ['tts', 'stt', 'llm', 'other'] as const;
export const modelType = z.enum(modelTypes);
export type ModelType = z.infer<typeof modelType>;

export const modelStatuses = ['downloading', 'ready', 'corrupt', 'missing'] as const;
export const modelStatus = z.enum(modelStatuses);
export type ModelStatus = z.infer<typeof modelStatus>;

export const model = z.object({
  id,
  name: z.string(),
  type: modelType,
  repoId: z.string().optional(),
  commit: z.string().optional(),
  /** Absolute folder of the model's files. */
  path: z.string(),
  sizeBytes: bytes,
  architecture: z.string().optional(),
  format: z.string().optional(),
  licence: z.string().optional(),
  status: modelStatus,
  /** Free-form facts: `task`, `runId` for a trained model, files. */
  metadata: z.record(z.string(), z.unknown()),
  createdAt: time,
  seq,
});
export type Model = z.infer<typeof model>;
