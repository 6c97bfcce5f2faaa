/** What a run's evaluation left beside its model: `report.json`, of which each kind of task writes its own parts. Pure. */
import * as z from 'zod';

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

const heldBack = z.object({ words: z.number(), stems: z.number() });

/** Cells by the names of their columns; a row may lack some. */
const comparisonRow = z.record(z.string(), z.union([z.string(), z.number()]));
export type ComparisonRow = z.infer<typeof comparisonRow>;

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
  withheld: part(heldBack),
  comparison: part(z.array(comparisonRow)),
});

export interface Evaluation {
  readonly labels: readonly string[];
  readonly confusion?: readonly (readonly number[])[] | undefined;
  /** Of a classifier, those that it was surest of first; undefined where the task lists none. */
  readonly mistakes?: readonly Mistake[] | undefined;
  /** A row for each set of examples and for whatever was measured on it, other programs too. */
  readonly comparison?: readonly ComparisonRow[] | undefined;
  /** Of pronunciations: how many words and stems were measured, which phonemes are mistaken, words and stems. */
  readonly pronunciation?: Pronunciation | undefined;
}

export interface Pronunciation {
  readonly words: number;
  readonly stems: number;
  /** How many took part in neither training nor the choice of the epoch. */
  readonly withheld?: { readonly words: number; readonly stems: number } | undefined;
  readonly misheard: readonly Misheard[];
  readonly examples: readonly Mispronounced[];
  readonly worstStems: readonly StemFigures[];
}

/** `json`: the parsed file; anything that is no report gives an empty evaluation. */
export function readEvaluation(json: unknown): Evaluation {
  const parsed = reportFile.safeParse(json);
  if (!parsed.success) return { labels: [] };
  const { labels = [], confusion, comparison, mistakes, words } = parsed.data;
  const shared = { labels, confusion, ...(comparison === undefined ? {} : { comparison }) };
  const ofClassifier = z.array(mistake).safeParse(mistakes);
  if (words === undefined) return { ...shared, mistakes: ofClassifier.data };
  const { stems = 0, withheld, examples = [], worstStems = [] } = parsed.data;
  const misheardOnes = z.array(misheard).safeParse(mistakes).data ?? [];
  const held = withheld === undefined ? {} : { withheld };
  return {
    ...shared,
    pronunciation: { words, stems, ...held, misheard: misheardOnes, examples, worstStems },
  };
}
