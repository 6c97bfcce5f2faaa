/** A folder that a runtime runs: which one, and what must be the same for it to be the same model. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { ModelFiles } from '../sdk/modelRuntime';
import { filesOnDisk, listFolder } from '../weights/folderFiles';
import type { Known, Runtimes } from './runtimes';

export interface RuntimeFolder extends Known {
  readonly path: string;
  /** Changes when the model is replaced. */
  readonly version: string;
  readonly files: ModelFiles;
  /** The file that was named, where it was no folder. */
  readonly named: string | undefined;
}

/** Takes the folder or one of its ONNX files. Undefined for what no runtime knows. */
export async function openRuntimeFolder(
  modelPath: string,
  runtimes: Pick<Runtimes, 'detect'>,
): Promise<RuntimeFolder | undefined> {
  const absolute = path.resolve(modelPath);
  const info = await stat(absolute).catch(() => undefined);
  if (info === undefined) return undefined;
  const isModel = info.isFile() && /\.onnx$/i.test(absolute);
  if (!info.isDirectory() && !isModel) return undefined;
  const folder = isModel ? path.dirname(absolute) : absolute;
  const listed = await listFolder(folder);
  const files = filesOnDisk(folder, listed);
  const known = await runtimes.detect(files);
  if (known === undefined) return undefined;
  const version = listed.map((file) => `${file.path} ${file.size} ${file.mtimeMs}`).join('\n');
  return { ...known, path: folder, version, files, named: isModel ? path.basename(absolute) : undefined };
}
