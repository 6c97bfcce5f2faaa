import * as z from 'zod';

/**
 * A change to a config that would mend a problem; an editor offers it. Paths are JSON pointers into the file.
 * `set` writes a value, present or not; `move` takes a field with its value to another name or section; `remove` takes
 * it out.
 */
export const configFix = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('set'), path: z.string(), value: z.json() }),
  z.object({ kind: z.literal('move'), path: z.string(), to: z.string() }),
  z.object({ kind: z.literal('remove'), path: z.string() }),
]);
export type ConfigFix = z.infer<typeof configFix>;
