/** Makes the checkpoint rows of a run agree with its folder after a crash: the files are what counts. */
import path from 'node:path';
import type { CheckpointsStore } from '../../stores/checkpoints';
import { listCheckpoints, loadCheckpoint } from '../../training/checkpoint';
import { means } from '../../training/state';

export async function reconcileCheckpoints(
  runId: string,
  folder: string,
  checkpoints: CheckpointsStore,
): Promise<void> {
  const onDisk = new Set(await listCheckpoints(folder));
  const rows = await checkpoints.list(runId);
  for (const row of rows) if (!onDisk.has(row.path)) await checkpoints.removeByPath(row.path);
  const known = new Set(rows.map((row) => row.path));
  for (const found of onDisk) {
    if (known.has(found)) continue;
    // One that cannot be read is skipped here and said by the trainer when the run is resumed.
    const loaded = await loadCheckpoint(found).catch(() => undefined);
    if (loaded === undefined) continue;
    const { state } = loaded.state;
    const metrics = state.stepInEpoch > 0 ? means(state.running) : (state.history.at(-1)?.metrics ?? {});
    const best = state.best?.epoch === state.epoch && state.stepInEpoch === 0;
    const accuracy = metrics['accuracy'] === undefined ? {} : { accuracy: metrics['accuracy'] };
    const { epoch, step } = state;
    await checkpoints.add({ runId, epoch, step, loss: metrics['loss'] ?? 0, ...accuracy, path: found, best });
  }
}

export function runFolder(storagePath: string, runId: string): string {
  return path.join(storagePath, 'runs', runId);
}

export function checkpointsFolder(storagePath: string, runId: string): string {
  return path.join(runFolder(storagePath, runId), 'checkpoints');
}
