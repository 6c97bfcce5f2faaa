import * as z from 'zod';
import { severity } from './common';

export const datasetFormats = [
  'folder-per-label',
  'csv',
  'tsv',
  'jsonl',
  'ljspeech',
  'common-voice',
  'parquet',
] as const;
export const datasetFormat = z.enum(datasetFormats);
export type DatasetFormat = z.infer<typeof datasetFormat>;

export const datasetProblem = z.object({
  severity,
  /** Stable, for filtering: `audio.unreadable`, `label.single`, `cell.nan`, … */
  code: z.string(),
  message: z.string(),
  file: z.string().optional(),
  /** From 1. */
  line: z.number().int().positive().optional(),
});
export type DatasetProblem = z.infer<typeof datasetProblem>;

export const datasetReport = z.object({
  format: datasetFormat,
  /** Rows or clips. */
  items: z.number().int().nonnegative(),
  problems: z.array(datasetProblem),
  /** Figures by name: `seconds`, `bytes`, `labels`, `columns`, … */
  stats: z.record(z.string(), z.unknown()),
});
export type DatasetReport = z.infer<typeof datasetReport>;

export const dataset = z.object({
  id: z.uuid(),
  name: z.string(),
  format: datasetFormat,
  path: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  items: z.number().int().nonnegative(),
  warnings: z.number().int().nonnegative(),
  errors: z.number().int().nonnegative(),
  stats: z.record(z.string(), z.unknown()),
  createdAt: z.iso.datetime({ offset: true }),
  seq: z.number().int().nonnegative(),
});
export type Dataset = z.infer<typeof dataset>;

/** What `$/progress` says of an inspection: rows first, then their sound. */
export const inspectionProgress = z.object({
  phase: z.enum(['rows', 'sound']),
  done: z.number(),
  total: z.number().optional(),
});

/** What `$/progress` says while a data set comes from the hub. Bytes are those of the chosen files. */
export const hubImportProgress = z.object({
  phase: z.enum(['download', 'extract']),
  file: z.string(),
  bytesDone: z.number(),
  bytesTotal: z.number(),
  /** Taken out so far. */
  rows: z.number(),
});
