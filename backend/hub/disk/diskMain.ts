/** The thread's own end: what comes while a group becomes durable is written meanwhile, and is the next group. */
import { parentPort } from 'node:worker_threads';
import type { PutRequest } from './messages';
import { settleFiles, writeFile, type Written } from './putFiles';

let written: Written[] = [];
let busy = false;

parentPort?.on('message', (requests: readonly PutRequest[]) => {
  written.push(...requests.map(writeFile));
  if (!busy) void work();
});

async function work(): Promise<void> {
  busy = true;
  while (written.length > 0) {
    const group = written;
    written = [];
    parentPort?.postMessage(await settleFiles(group));
  }
  busy = false;
}
