import * as z from 'zod';
import { bytes, id, seq, time } from './common';

export const modelTypes = ['tts', 'stt', 'llm', 'other'] as const;
export const modelType = z.enum(modelTypes);
export type ModelType = z.infer<typeof modelType>;

export const modelStatuses = ['downloading', 'ready', 'corrupt', 'missing'] as const;
export const modelStatus = z.enum(modelStatuses);
export type ModelStatus = z.infer<typeof modelStatus>;

export const modelProblem = z.object({
  /** Within the model's folder, `/`-separated; `.` for the folder itself. */
  file: z.string(),
  kind: z.enum(['missing', 'truncated', 'altered', 'unreadable']).optional(),
  message: z.string(),
});
export type ModelProblem = z.infer<typeof modelProblem>;

/** What comparing a model's files with hashes found, under `metadata.verification`. */
export const verification = z.object({
  state: z.enum(['verified', 'unverified', 'differs']),
  problems: z.array(modelProblem),
  at: time,
  /** Whose hashes they were: the hub's, an export's, or those recorded when the files came. */
  against: z.array(z.enum(['hub', 'export', 'record'])),
  /** Why it is `unverified`. */
  reason: z.string().optional(),
});
export type Verification = z.infer<typeof verification>;

/** Undefined for a model that nobody has compared. */
export function verificationOf(model: Pick<Model, 'metadata'>): Verification | undefined {
  const parsed = verification.safeParse(model.metadata['verification']);
  return parsed.success ? parsed.data : undefined;
}

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
  /** Free-form facts: `task`, `runId` for a trained model, files, `verification`. */
  metadata: z.record(z.string(), z.unknown()),
  createdAt: time,
  seq,
});
export type Model = z.infer<typeof model>;
