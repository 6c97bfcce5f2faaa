/** What a run's evaluation left beside its model: `report.json`, of which each kind of task writes its own parts. Pure. */
import { z } from 'zod';

const mistake = z.object({
  text: z.string().optional(),
  audioPath: z.string().optional(),
  label: z.string(),
  predicted: z.string(),
  score: z.number().optional(),
  line: z.number().optional(),
});
export type Mistake = z.infer<typeof mistake>;

const mispronounced = z.object({ word: z.string(), phonemes: z.string(), answered: z.string() });
export type Mispronounced = z.infer<typeof mispronounced>;

const misheard = z.object({ is: z.string(), heard: z.string(), count: z.number() });
export type Misheard = z.infer<typeof misheard>;

const stem = z.object({ stem: z.string(), words: z.number(), per: z.number(), wer: z.number() });
export type StemFigures = z.infer<typeof stem>;

/** Tasks of other extensions write what they like: a part of another form is left out, the others are shown. */
const part = <T extends z.ZodType>(form: T) => form.optional().catch(undefined);

const reportFile = z.object({
  labels: part(z.array(z.string())),
  confusion: part(z.array(z.array(z.number()))),
  mistakes: z.unknown(),
  words: part(z.number()),
  stems: part(z.number()),
  examples: part(z.array(mispronounced)),
  worstStems: part(z.array(stem)),
});

export interface Evaluation {
  readonly labels: readonly string[];
  readonly confusion?: readonly (readonly number[])[] | undefined;
  /** Of a classifier, those that it was surest of first; undefined where the task lists none. */
  readonly mistakes?: readonly Mistake[] | undefined;
  /** Of pronunciations: how many words and stems were measured, which phonemes are mistaken, words and stems. */
  readonly pronunciation?: Pronunciation | undefined;
}

export interface Pronunciation {
  readonly words: number;
  readonly stems: number;
  readonly misheard: readonly Misheard[];
  readonly examples: readonly Mispronounced[];
  readonly worstStems: readonly StemFigures[];
}

/** `json`: the parsed file; anything that is no report gives an empty evaluation. */
export function readEvaluation(json: unknown): Evaluation {
  const parsed = reportFile.safeParse(json);
  if (!parsed.success) return { labels: [] };
  const { labels = [], confusion, mistakes, words, stems = 0, examples = [], worstStems = [] } = parsed.data;
  const ofClassifier = z.array(mistake).safeParse(mistakes);
  if (words === undefined) return { labels, confusion, mistakes: ofClassifier.data };
  const misheardOnes = z.array(misheard).safeParse(mistakes).data ?? [];
  return { labels, confusion, pronunciation: { words, stems, misheard: misheardOnes, examples, worstStems } };
}
