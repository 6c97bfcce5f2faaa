/** A model's folder on disk, and its errors in the words of the protocol. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { MlError } from '../../ml/errors';
import type { ModelFiles } from '../../ml/trained/modelFiles';
import { StudioError } from '../../protocol/wire/errors';
import { folderFiles } from '../sdk/modelFiles';

export interface ModelFolder {
  readonly path: string;
  /** Changes when the model is replaced. */
  readonly version: string;
  readonly files: ModelFiles;
}

/** Accepts the folder or its `model.json`. Throws `model.notFound` or `model.unsupported`. */
export async function openModelFolder(modelPath: string): Promise<ModelFolder> {
  const absolute = path.resolve(modelPath);
  const info = await stat(absolute).catch(() => undefined);
  if (info === undefined) {
    throw new StudioError(
      'model.notFound',
      `There is no model at ${absolute}. Check the path, or train or download one.`,
      {
        details: { path: absolute },
      },
    );
  }
  const folder = info.isDirectory() ? absolute : path.dirname(absolute);
  const json = await stat(path.join(folder, 'model.json')).catch(() => undefined);
  if (json === undefined || (!info.isDirectory() && path.basename(absolute) !== 'model.json')) {
    throw new StudioError(
      'model.unsupported',
      `${absolute} is not a model that can be run here: it needs a tf.js model.json with its weights.`,
      { details: { path: absolute } },
    );
  }
  const weights = await stat(path.join(folder, 'weights.bin')).catch(() => undefined);
  const version = `${json.mtimeMs} ${json.size} ${weights?.mtimeMs ?? 0} ${weights?.size ?? 0}`;
  return {
    path: folder,
    version,
    files: folderFiles(folder),
  };
}

/** The pure library's errors with the path they are about. */
export function toModelError(error: unknown, subject: string): unknown {
  if (!(error instanceof MlError)) return error;
  const options = { cause: error, details: { path: subject, code: error.code } };
  switch (error.code) {
    case 'model.corrupt':
      return new StudioError(
        'model.corrupt',
        `${subject}: ${error.message} Train or download it again.`,
        options,
      );
    case 'model.unsafe':
      return new StudioError('model.unsafe', `${subject}: ${error.message}`, options);
    case 'input.invalid':
      return new StudioError('inference.invalidInput', `${subject}: ${error.message}`, options);
    case 'model.unsupported':
      return new StudioError('model.unsupported', `${subject}: ${error.message}`, options);
    case 'audio.invalid':
    case 'audio.unsupported':
      return new StudioError('dataset.unsupported', `${subject}: ${error.message}`, options);
  }
}
