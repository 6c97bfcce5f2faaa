import { z } from 'zod';
import { bytes, time } from './common';

export const hubModel = z.object({
  repoId: z.string(),
  task: z.string().optional(),
  library: z.string().optional(),
  tags: z.array(z.string()),
  downloads: z.number().int().nonnegative(),
  likes: z.number().int().nonnegative(),
  lastModified: time.optional(),
  licence: z.string().optional(),
  gated: z.boolean(),
  private: z.boolean(),
  /** Two-letter codes, from either tag spelling (`fa`, `language:fa`). */
  languages: z.array(z.string()),
});
export type HubModel = z.infer<typeof hubModel>;

export const hubFile = z.object({ path: z.string(), size: bytes, sha256: z.string().optional() });
export type HubFile = z.infer<typeof hubFile>;

export const runsHere = z.object({
  verdict: z.enum(['yes', 'slow', 'no', 'unknown']),
  engine: z.string().optional(),
  reason: z.string(),
});
export type RunsHere = z.infer<typeof runsHere>;

export const hubModelDetails = hubModel.extend({
  commit: z.string(),
  files: z.array(hubFile),
  totalBytes: bytes,
  runsHere,
});
export type HubModelDetails = z.infer<typeof hubModelDetails>;
