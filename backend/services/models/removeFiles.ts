/** Deleting a model from the disk, and nothing else. */
import { lstat, readdir, realpath, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { metadataFile } from '../../../ml/trained/metadata';
import type { Model } from '../../../protocol/model/model';
import { toDiskError } from '../../hub/diskError';
import { isInside } from '../../hub/safePath';

interface Surroundings {
  readonly modelsPath: string;
  /** Models that stay: no folder that holds one of them is deleted. */
  readonly others: readonly Model[];
}

/**
 * Deletes the folder of a model below the models folder, or the files of one that was trained here. A folder that was
 * imported from elsewhere belongs to whoever put it there. Answers whether anything was deleted.
 */
export async function removeFiles(model: Model, { modelsPath, others }: Surroundings): Promise<boolean> {
  const found = await lstat(model.path).catch(() => undefined);
  if (found === undefined) return false;
  if (others.some((other) => isInside(model.path, other.path))) return false;
  try {
    if (await isOwnFolder(model, modelsPath)) {
      await rm(model.path, { recursive: true, force: true, maxRetries: 3 });
      await removeEmptyParents(path.dirname(model.path), modelsPath);
      return true;
    }
    if (found.isDirectory() && typeof model.metadata['runId'] === 'string')
      return await removeTrained(model.path);
    return false;
  } catch (error) {
    throw toDiskError(error, model.path);
  }
}

/** Below the models folder by its real place as well: a link in the way must not lead the deletion elsewhere. */
async function isOwnFolder(model: Model, modelsPath: string): Promise<boolean> {
  if (model.path === modelsPath || !isInside(modelsPath, model.path)) return false;
  const [realModels, realModel] = await Promise.all([realpath(modelsPath), realpath(model.path)]);
  return realModel !== realModels && isInside(realModels, realModel);
}

/** A trained model's folder holds plain files only; one that holds folders has become more than that. */
async function removeTrained(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.map((entry) => entry.name);
  if (!names.includes(metadataFile) || entries.some((entry) => !entry.isFile())) return false;
  for (const name of names) await rm(path.join(folder, name), { force: true });
  await rmdir(folder);
  return true;
}

async function removeEmptyParents(folder: string, top: string): Promise<void> {
  for (let at = folder; at !== top && isInside(top, at); at = path.dirname(at)) {
    try {
      await rmdir(at);
    } catch {
      return;
    }
  }
}
