import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Run } from '../../../protocol/model/run';
import type { ModelInput } from '../../stores/models';

/** The library's entry for what a run made. */
export async function trainedModel(
  run: Run,
  outputPath: string,
  metrics: Readonly<Record<string, number>>,
): Promise<ModelInput> {
  const names = await readdir(outputPath);
  const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(outputPath, name))).size));
  return {
    name: run.name,
    type: 'other',
    path: outputPath,
    sizeBytes: sizes.reduce((sum, size) => sum + size, 0),
    architecture: run.task,
    format: 'tfjs-layers',
    metadata: { task: run.task, source: 'trained', metrics, files: names },
  };
}
