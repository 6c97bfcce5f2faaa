/** The rows of a data set as the grid shows them, and what a person does to them. */
import * as z from 'zod';

export const datasetVerdict = z.enum(['accepted', 'rejected']);

export const datasetRow = z.object({
  /** Its number in the data set, from 0: what edits name it by. */
  row: z.number().int().nonnegative(),
  /** Of its table, from 1. */
  line: z.number().int().positive().optional(),
  id: z.string(),
  /** Absolute. */
  audioPath: z.string().optional(),
  /** Its sound lies inside a Parquet file: `datasets/clip` takes it out. */
  embedded: z.boolean().optional(),
  /** As it is now, changes applied. */
  text: z.string().optional(),
  /** As it stands in the file; only where it was changed. */
  original: z.string().optional(),
  speaker: z.string().optional(),
  label: z.string().optional(),
  seconds: z.number().optional(),
  verdict: datasetVerdict.optional(),
  /** Codes of what was found in it. */
  codes: z.array(z.string()),
});
export type DatasetRow = z.infer<typeof datasetRow>;

export const datasetSort = z.object({
  by: z.enum(['row', 'id', 'text', 'seconds', 'pace', 'speaker', 'label', 'findings', 'verdict']),
  descending: z.boolean().optional(),
});
export type DatasetSort = z.infer<typeof datasetSort>;

export const datasetFilter = z.object({
  /** Rows in which this was found. */
  code: z.string().optional(),
  /** A part of the text or the name. */
  search: z.string().optional(),
  /** `changed`: another text; `open`: neither accepted nor rejected. */
  state: z.enum(['accepted', 'rejected', 'changed', 'open']).optional(),
  speaker: z.string().optional(),
  label: z.string().optional(),
});
export type DatasetFilter = z.infer<typeof datasetFilter>;

/** What is changed and not written into the files yet. */
export const datasetChanges = z.object({
  /** Rows with another text. */
  changed: z.number().int(),
  accepted: z.number().int(),
  rejected: z.number().int(),
  canUndo: z.boolean(),
  canRedo: z.boolean(),
  /** Whether the texts stand in a file that can be written. */
  writable: z.boolean(),
});
export type DatasetChanges = z.infer<typeof datasetChanges>;

export const datasetEdit = z.object({
  row: z.number().int().nonnegative(),
  text: z.string().optional(),
  /** `null` takes the verdict back. */
  verdict: datasetVerdict.nullable().optional(),
});
export type DatasetEdit = z.infer<typeof datasetEdit>;

/** Arabic letters, digits, signs that are not seen, zero-width non-joiners, spaces. */
export const textFix = z.enum(['letters', 'digits', 'invisible', 'halfSpace', 'spaces']);
export type TextFix = z.infer<typeof textFix>;

/** Lines of a table before and after a fix, without their last line break. */
export const lineFix = z.object({
  line: z.number().int().positive(),
  lines: z.number().int().positive(),
  before: z.string(),
  after: z.string(),
});
