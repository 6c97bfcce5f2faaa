import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Run } from '../../../protocol/model/run';
import type { ModelInput } from '../../stores/models';

/** Of tasks that have a type of the library's; by the task's id. */
const types: Readonly<Record<string, ModelInput['type']>> = {
  'text-to-speech': 'tts',
  'speech-recognition': 'stt',
};

/** The library's entry for what a run made. */
export async function trainedModel(
  run: Run,
  outputPath: string,
  metrics: Readonly<Record<string, number>>,
): Promise<ModelInput> {
  const entries = await readdir(outputPath, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(outputPath, path.join(entry.parentPath, entry.name)));
  const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(outputPath, name))).size));
  return {
    name: run.name,
    type: types[run.task] ?? 'other',
    path: outputPath,
    sizeBytes: sizes.reduce((sum, size) => sum + size, 0),
    architecture: run.task,
    format: 'tfjs-layers',
    metadata: {
      task: run.task,
      source: 'trained',
      metrics,
      files: names.map((name) => name.split(path.sep).join('/')),
    },
  };
}
