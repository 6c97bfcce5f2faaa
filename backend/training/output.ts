/** The folder that a finished run leaves: a model any tf.js program loads, what it is, and how it was made. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { metadataFile, type TrainedMetadata } from '../../ml/trained/metadata';
import type { EvaluationReport } from '../sdk/trainingTask';
import { writeFolder, type FolderFiles } from './asideFolder';
import { writeFailed } from './checkpoint';
import { modelCard } from './modelCard';
import type { EpochRecord } from './state';

export interface OutputContent {
  readonly outputPath: string;
  /** The best checkpoint: its weights become the output. */
  readonly checkpoint: string;
  readonly metadata: TrainedMetadata;
  readonly config: Readonly<Record<string, unknown>>;
  readonly history: readonly EpochRecord[];
  /** The epoch whose weights these are. */
  readonly epoch: number;
  readonly report: EvaluationReport | undefined;
  readonly extra: FolderFiles;
}

/** Written aside, then swapped in. Throws `training.outputFailed`; then nothing has changed at `outputPath`. */
export async function writeOutput(content: OutputContent): Promise<void> {
  const { outputPath, checkpoint, metadata, config, history, epoch, report, extra } = content;
  try {
    await writeFolder(outputPath, {
      ...extra,
      'model.json': await readFile(path.join(checkpoint, 'model.json')),
      'weights.bin': await readFile(path.join(checkpoint, 'weights.bin')),
      [metadataFile]: pretty(metadata),
      'config.json': pretty(config),
      'metrics.json': pretty({ epoch, metrics: metadata.metrics, report, history }),
      ...(report === undefined ? {} : { 'report.json': pretty({ epoch, ...report }) }),
      'README.md': modelCard(content),
    });
  } catch (error) {
    throw writeFailed('trained model', outputPath, error);
  }
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
