import * as z from 'zod';
import { bytes, failure, id, seq, time } from './common';

export const downloadStates = [
  'queued',
  'downloading',
  'paused',
  'completed',
  'failed',
  'cancelled',
] as const;
export const downloadState = z.enum(downloadStates);
export type DownloadState = z.infer<typeof downloadState>;

export const download = z.object({
  id,
  repoId: z.string(),
  commit: z.string(),
  /** The folder that the files land in, absolute. */
  path: z.string(),
  state: downloadState,
  bytesDone: bytes,
  bytesTotal: bytes,
  filesDone: z.number().int().nonnegative(),
  filesTotal: z.number().int().nonnegative(),
  bytesPerSecond: z.number().nonnegative(),
  etaSeconds: z.number().nonnegative().optional(),
  error: failure.optional(),
  /** Its place in the queue among others: the lowest comes first. */
  position: z.number().int().optional(),
  createdAt: time,
  updatedAt: time,
  seq,
});
export type Download = z.infer<typeof download>;

export const downloadFileStates = [
  'waiting',
  'downloading',
  /** All bytes are there and are being proved. */
  'verifying',
  'done',
  'failed',
  /** It was on the disk before this download, byte for byte. */
  'present',
] as const;
export const downloadFileState = z.enum(downloadFileStates);
export type DownloadFileState = z.infer<typeof downloadFileState>;

export const downloadFile = z.object({
  /** The download's id, a slash and the path. */
  id: z.string(),
  downloadId: id,
  /** Within the repository, with forward slashes. */
  path: z.string(),
  size: bytes,
  bytesDone: bytes,
  state: downloadFileState,
  error: failure.optional(),
  seq,
});
export type DownloadFile = z.infer<typeof downloadFile>;

export const plannedFile = z.object({
  path: z.string(),
  size: bytes,
  state: z.enum(['present', 'partial', 'missing']),
  /** It is copied from the official client's cache on this machine, nothing of it is fetched. */
  source: z.literal('cache').optional(),
});
export type PlannedFile = z.infer<typeof plannedFile>;

export const downloadPlan = z.object({
  commit: z.string(),
  files: z.array(plannedFile),
  totalBytes: bytes,
  /** Bytes that are still to be brought into the folder, from the hub or from the cache. */
  remainingBytes: bytes,
  /** Of these, what the official client's cache on this machine has. */
  cachedBytes: bytes.optional(),
  freeBytes: bytes,
  /** Says what was left out and why, when Goya chose the files itself. */
  note: z.string().optional(),
});
export type DownloadPlan = z.infer<typeof downloadPlan>;
