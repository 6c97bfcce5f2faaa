/** What VS Code keeps of the playground over a reload. */
import * as z from 'zod';
import { savedForms } from './bare/saved';
import { historyEntry } from './history';

export const savedPlayground = z.object({
  modelPath: z.string().optional(),
  engine: z.enum(['auto', 'webgpu', 'webgl', 'wasm', 'cpu']),
  /** Of a published model: `auto` is the page where its weights fit. */
  place: z.enum(['auto', 'page', 'backend']).optional(),
  compare: z.boolean(),
  row: z.record(z.string(), z.string()),
  text: z.string().max(200_000).optional(),
  /** Of a voice: above 1 is faster. */
  speed: z.number().min(0.5).max(2).optional(),
  /** How much it varies; its own where nothing was said. */
  noise: z.number().min(0).max(10).optional(),
  seed: z.number().int().optional(),
  speaker: z.number().int().nonnegative().optional(),
  /** Its sound is played while it is made. */
  live: z.boolean().optional(),
  /** Folder of the voice that it is compared with. */
  other: z.string().optional(),
  /** What a recogniser hears; empty for what it finds out. */
  language: z.string().max(20).optional(),
  /** How a text is gone on with. */
  writing: z
    .object({
      maxTokens: z.number().int().min(1),
      temperature: z.number().min(0),
      topK: z.number().int().min(0),
      topP: z.number().gt(0).max(1),
      repetitionPenalty: z.number().positive(),
      seed: z.number().int().optional(),
      stop: z.string().max(200).optional(),
    })
    .optional(),
  /** Forms of models without metadata. */
  bare: savedForms.optional(),
  history: z.array(historyEntry),
});
export type SavedPlayground = z.infer<typeof savedPlayground>;

export const freshPlayground: SavedPlayground = {
  engine: 'auto',
  compare: false,
  row: {},
  history: [],
};
