/** What the backend and the thread of a plugin say to each other: one question, one answer. */
import { z } from 'zod';
import { configProblem } from '../../../protocol/model/run';

export type Question =
  | { readonly kind: 'describe'; readonly file: string }
  | {
      readonly kind: 'inspect';
      readonly file: string;
      readonly basePath: string;
      readonly data: unknown;
      readonly model: unknown;
      readonly training: unknown;
    };

/** The question with the language that the answer is for. */
export type Asked = Question & { readonly locale: string };

const schema = z.record(z.string(), z.unknown());

export const described = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  usesClassWeights: z.boolean(),
  /** JSON Schema of each section. */
  data: schema,
  model: schema,
});
export type Described = z.infer<typeof described>;

export const inspected = z.object({ problems: z.array(configProblem) });

export const answer = z.union([
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), message: z.string() }),
]);
