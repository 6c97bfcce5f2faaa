/** The figures of an inspection, as far as this page shows them. */
import * as z from 'zod';

const counts = z.record(z.string(), z.number());

export const datasetStats = z.object({
  bytes: z.number().default(0),
  seconds: z.number().optional(),
  shortestSeconds: z.number().optional(),
  longestSeconds: z.number().optional(),
  charactersPerSecond: z.number().optional(),
  characters: z.number().optional(),
  sampleRates: counts.default({}),
  labels: counts.default({}),
  characterCounts: counts.default({}),
  speakers: z.record(z.string(), z.object({ items: z.number(), seconds: z.number() })).default({}),
  durations: z.object({ binSeconds: z.number(), counts: z.array(z.number()) }).optional(),
  findings: z
    .record(z.string(), z.object({ severity: z.enum(['error', 'warning', 'info']), count: z.number() }))
    .default({}),
});
export type DatasetStats = z.infer<typeof datasetStats>;
