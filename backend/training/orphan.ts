/**
 * A trainer never outlives its backend, however that ends: the channel between them may stay open in another process,
 * and a step that never returns keeps this process from hearing that it closed. A thread of its own looks for the parent.
 */
import { Worker } from 'node:worker_threads';

/** Milliseconds between two looks. */
const interval = 1000;

/** Plain JavaScript: it runs beside the bundle. Where parents are not replaced (Windows), a pid that is gone tells. */
const watch = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { parent, interval, grace } = workerData;
  function isGone() {
    if (process.ppid !== parent) return true;
    try {
      process.kill(parent, 0);
      return false;
    } catch (error) {
      return error.code === 'ESRCH';
    }
  }
  const timer = setInterval(() => {
    if (!isGone()) return;
    clearInterval(timer);
    parentPort.postMessage('gone');
    // The main thread had its time to save and leave.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), grace);
  }, interval);
`;

/** Calls `gone` once the process with the id `parent` is no more, and ends this one by force `grace` milliseconds later. */
export function watchParent(parent: number, grace: number, gone: () => void): void {
  const worker = new Worker(watch, { eval: true, workerData: { parent, interval, grace } });
  worker.on('message', gone);
  worker.unref();
}
