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
  history: z.array(historyEntry),
});
export type SavedPlayground = z.infer<typeof savedPlayground>;

export const freshPlayground: SavedPlayground = {
  engine: 'auto',
  compare: false,
  row: {},
  history: [],
};
