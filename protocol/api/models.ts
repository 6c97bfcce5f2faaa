import * as z from 'zod';
import { bytes, id } from '../model/common';
import { download } from '../model/download';
import { model, modelProblem, modelType } from '../model/model';
import { request } from '../wire/spec';
import { progressToken } from './topics';

const one = z.object({ id });
/** With it, `$/progress` notifications tell how far the call is: their values parse with `modelsProgress`. */
const watched = { token: progressToken.optional() };

export const modelsProgress = z.object({
  /** The file under way, within the model's folder. */
  file: z.string(),
  bytesDone: bytes,
  bytesTotal: bytes,
});
export type ModelsProgress = z.infer<typeof modelsProgress>;

export const modelsList = request(
  'models/list',
  z.object({ type: modelType.optional() }).default({}),
  z.object({ models: z.array(model) }),
);
export const modelsGet = request('models/get', one, model);
/** Reads every byte again and compares with the hashes recorded when it came. Needs no network. */
export const modelsVerify = request(
  'models/verify',
  one.extend(watched),
  z.object({ ok: z.boolean(), problems: z.array(modelProblem) }),
);
/** Fetches what `models/verify` finds wrong, at the commit that is installed. */
export const modelsRepair = request('models/repair', one.extend(watched), download);
/** Deletes the model's folder and its row. */
export const modelsRemove = request('models/remove', one, z.object({}));
/**
 * Takes a folder that is already on disk into the library, where it lies, or unpacks an exported archive into the
 * models folder. Hashes are compared with the hub's when it answers; `metadata.verification` says what came of it.
 */
export const modelsImport = request(
  'models/import',
  z.object({
    path: z.string().min(1),
    /** Where it comes from, when the folder itself does not tell. */
    repoId: z.string().min(1).optional(),
    revision: z.string().min(1).optional(),
    ...watched,
  }),
  model,
);

export const exportFormats = ['folder', 'archive'] as const;
export const modelExport = z.object({
  path: z.string(),
  /** Of the model, without manifest and bookkeeping. */
  files: z.number().int().nonnegative(),
  bytes,
});
export type ModelExport = z.infer<typeof modelExport>;
/** Makes `path`, which must not exist: a folder, or one tar archive, with `goya-export.json` and `SHA256SUMS`. */
export const modelsExport = request(
  'models/export',
  one.extend({ path: z.string().min(1), format: z.enum(exportFormats), ...watched }),
  modelExport,
);
