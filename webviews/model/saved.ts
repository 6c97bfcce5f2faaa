/** What VS Code keeps of the page over a reload: which files the person ticked, of which model. */
import * as z from 'zod';

export const savedModelPage = z.object({
  repoId: z.string().optional(),
  /** Paths; absent while the choice is Goya's own. */
  ticked: z.array(z.string()).max(20_000).optional(),
});
export type SavedModelPage = z.infer<typeof savedModelPage>;
