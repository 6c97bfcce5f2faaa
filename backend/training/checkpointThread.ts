/** The thread behind `ThreadWriter`: one checkpoint after the other, in the order in which they are given. */
import { parentPort } from 'node:worker_threads';
import { isStudioError } from '../../protocol/wire/errors';
import { writeFailed } from './checkpoint';
import { writeCheckpoint, type CheckpointJob, type CheckpointReply } from './checkpointWriter';

interface Asked {
  readonly id: number;
  readonly job: CheckpointJob;
}

let last: Promise<unknown> = Promise.resolve();

async function answer({ id, job }: Asked): Promise<CheckpointReply> {
  try {
    return { id, written: await writeCheckpoint(job) };
  } catch (error) {
    const { kind, message, details } = isStudioError(error)
      ? error
      : writeFailed('checkpoint', job.parent, error);
    return { id, failure: { kind, message, details: plain(details) } };
  }
}

/** What can cross to the other thread. */
function plain(details: unknown): Readonly<Record<string, unknown>> | undefined {
  return details === undefined ? undefined : (JSON.parse(JSON.stringify(details)) as Record<string, unknown>);
}

parentPort?.on('message', (asked: Asked) => {
  last = last.then(async () => parentPort?.postMessage(await answer(asked)));
});
