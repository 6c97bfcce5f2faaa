import * as z from 'zod';
import { id } from '../model/common';
import { download, downloadFile, downloadPlan, downloadState } from '../model/download';
import { request } from '../wire/spec';

const selection = z.object({
  repoId: z.string().min(1),
  revision: z.string().min(1).optional(),
  /** Patterns as the official client takes them: `*` matches `/` too. */
  include: z.array(z.string()).optional(),
  exclude: z.array(z.string()).optional(),
});
const one = z.object({ id });

export const downloadsPlan = request('downloads/plan', selection, downloadPlan);
/** Asking twice for the same repository and commit gives the first download back. */
export const downloadsStart = request('downloads/start', selection, download);
export const downloadsGet = request('downloads/get', one, download);
export const downloadsList = request(
  'downloads/list',
  z.object({ state: downloadState.optional() }).default({}),
  z.object({ downloads: z.array(download) }),
);
/** Each file with what became of it so far, in the order of their paths. */
export const downloadsFiles = request('downloads/files', one, z.object({ files: z.array(downloadFile) }));
/**
 * Gives an unfinished download another place in the queue: zero-based among the unfinished ones. One that has ended is
 * refused with `download.invalidState`.
 */
export const downloadsReorder = request(
  'downloads/reorder',
  one.extend({ position: z.union([z.number().int().nonnegative(), z.enum(['first', 'last'])]) }),
  download,
);
export const downloadsPause = request('downloads/pause', one, download);
/** Also retries a failed or cancelled download. */
export const downloadsResume = request('downloads/resume', one, download);
/** Keeps partial bytes for a later resume unless `discard` is true. */
export const downloadsCancel = request(
  'downloads/cancel',
  one.extend({ discard: z.boolean().optional() }),
  download,
);
/** Takes finished, failed and cancelled downloads off the list; files are not touched. */
export const downloadsClear = request(
  'downloads/clear',
  z.object({}).default({}),
  z.object({ removed: z.number().int() }),
);
