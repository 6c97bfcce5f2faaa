/** What VS Code keeps of the playground over a reload. */
import { z } from 'zod';
import { historyEntry } from './history';

export const savedPlayground = z.object({
  modelPath: z.string().optional(),
  engine: z.enum(['auto', 'webgl', 'wasm', 'cpu']),
  compare: z.boolean(),
  row: z.record(z.string(), z.string()),
  json: z.string().max(200_000).optional(),
  text: z.string().max(200_000).optional(),
  /** Of a voice: above 1 is faster. */
  speed: z.number().min(0.5).max(2).optional(),
  /** A voice speaks a text the same each time. */
  steady: z.boolean().optional(),
  history: z.array(historyEntry),
});
export type SavedPlayground = z.infer<typeof savedPlayground>;

export const freshPlayground: SavedPlayground = {
  engine: 'auto',
  compare: false,
  row: {},
  history: [],
};
