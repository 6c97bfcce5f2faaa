/** A run's metrics as files for other programs. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import type { trainingExport } from '../../../protocol/api/training';
import type { MetricPoint, Run } from '../../../protocol/model/run';
import { StudioError } from '../../../protocol/wire/errors';
import type { Params, Result } from '../../../protocol/wire/spec';
import type { MetricsStore } from '../../stores/metrics';
import type { RunsStore } from '../../stores/runs';
import { eventFile, eventFileName } from '../../training/events/eventFile';
import { metricsCsv } from './metricsCsv';

export type ExportRequest = Params<typeof trainingExport>;
export type ExportedMetrics = Result<typeof trainingExport>;

interface Recorded {
  readonly run: Run;
  readonly points: readonly MetricPoint[];
}

export async function exportMetrics(
  stores: { readonly runs: RunsStore; readonly metrics: MetricsStore },
  { id, others = [], format, path: target }: ExportRequest,
): Promise<ExportedMetrics> {
  if (!path.isAbsolute(target)) throw failed(target, 'its path is not absolute');
  const all: Recorded[] = [];
  for (const each of new Set([id, ...others]))
    all.push({ run: await stores.runs.get(each), points: await stores.metrics.list(each) });
  try {
    const files = format === 'csv' ? [await writeCsv(target, all)] : await writeEvents(target, all);
    return { files, points: all.reduce((sum, { points }) => sum + points.length, 0) };
  } catch (error) {
    throw failed(target, error instanceof Error ? error.message : String(error), error);
  }
}

async function writeCsv(file: string, all: readonly Recorded[]): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeAside(file, metricsCsv(all));
  return file;
}

async function writeEvents(folder: string, all: readonly Recorded[]): Promise<string[]> {
  const files: string[] = [];
  for (const { run, points } of all) {
    const own = path.join(folder, folderName(run));
    await mkdir(own, { recursive: true });
    const file = path.join(own, eventFileName(run.createdAt, hostname()));
    // TensorBoard lays the files of a folder over one another: what an earlier export left would count twice.
    for (const old of (await readdir(own)).filter((name) => name.startsWith('events.out.tfevents.')))
      if (old !== path.basename(file)) await rm(path.join(own, old));
    await writeAside(file, eventFile(points, run.createdAt));
    files.push(file);
  }
  return files;
}

/** TensorBoard shows the folder's name: the run's, told from its namesakes by the start of its id. */
function folderName({ name, id }: Run): string {
  const words = name.replace(/[^\p{L}\p{M}\p{N}\u200c._-]+/gu, '-').replace(/^[.-]+|[.-]+$/g, '');
  return `${words === '' ? 'run' : words}-${id.slice(0, 8)}`;
}

/** The older file stays until the new one is whole. In pieces, so that the backend answers others in between. */
async function writeAside(file: string, pieces: Iterable<string | Uint8Array>): Promise<void> {
  const aside = `${file}.${randomUUID()}.part`;
  try {
    const handle = await open(aside, 'wx');
    try {
      for (const piece of pieces) await handle.writeFile(piece);
    } finally {
      await handle.close();
    }
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

function failed(target: string, reason: string, cause?: unknown): StudioError {
  return new StudioError(
    'training.outputFailed',
    `The metrics could not be written to ${target}: ${reason}. Choose another place.`,
    { cause, retryable: true, details: { path: target } },
  );
}
