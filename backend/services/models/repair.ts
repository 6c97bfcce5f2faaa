import type { Model } from '../../../protocol/model/model';
import { StudioError } from '../../../protocol/wire/errors';
import { folderOfRepo } from '../downloads/plan';

/** As `downloads/start` takes it. */
export interface RepairSelection {
  readonly repoId: string;
  readonly revision: string;
  readonly include: string[];
}

/**
 * What a download must bring so that the model is whole again: the same files at the same commit. Rejects with
 * `model.unsupported` when nobody knows where they came from, or they lie where downloads do not write.
 */
export function repairSelection(model: Model, files: readonly string[], modelsPath: string): RepairSelection {
  const { name, repoId, commit, path } = model;
  const refuse = (why: string): never => {
    throw new StudioError('model.unsupported', `${name} cannot be repaired: ${why}`, {
      details: { id: model.id, path },
    });
  };
  if (repoId === undefined || commit === undefined) {
    return refuse(
      'it is not known which repository and version it comes from. Import it again with its repository.',
    );
  }
  if (folderOfRepo(modelsPath, repoId) !== path) {
    return refuse(`it lies in ${path}, where Goya does not write. Download ${repoId} instead.`);
  }
  if (files.length === 0) {
    return refuse(`no list of its files was kept. Download ${repoId} instead.`);
  }
  return { repoId, revision: commit, include: files.map(asPattern) };
}

/** The pattern that matches this name alone. */
const asPattern = (file: string): string => file.replace(/[*?[]/g, '[$&]');
