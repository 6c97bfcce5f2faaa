/** The thread's own end: takes what came while the group before was written as the next group. */
import { parentPort } from 'node:worker_threads';
import type { PutRequest } from './messages';
import { putFiles } from './putFiles';

/** Files of one group: each keeps a handle open. */
const mostAtOnce = 64;

let waiting: PutRequest[] = [];
let busy = false;

parentPort?.on('message', (requests: readonly PutRequest[]) => {
  waiting.push(...requests);
  if (!busy) void work();
});

async function work(): Promise<void> {
  busy = true;
  while (waiting.length > 0) {
    const group = waiting.slice(0, mostAtOnce);
    waiting = waiting.slice(mostAtOnce);
    parentPort?.postMessage(await putFiles(group));
  }
  busy = false;
}
