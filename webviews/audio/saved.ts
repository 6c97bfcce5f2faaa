/** What VS Code keeps of the audio page over a reload. */
import * as z from 'zod';

const range = z.object({ from: z.number().nonnegative(), to: z.number().nonnegative() });

export const savedAudio = z
  .object({
    name: z.string(),
    /** Seconds: the file of another length is another recording. */
    duration: z.number(),
    time: z.number().nonnegative(),
    speed: z.number().positive(),
    scale: z.enum(['mel', 'linear']).default('mel'),
    view: z.object({ shown: range, selection: range.optional(), loop: z.boolean() }),
  })
  .optional();
export type SavedAudio = z.infer<typeof savedAudio>;
