/** The thread's own end: takes work, tells how far it is, answers. */
import { parentPort, workerData } from 'node:worker_threads';
import { useLanguage } from '../../language/say';
import { DatasetDesk } from '../desk';
import type { DatasetWork, Watched } from '../work';
import { toFailure, type FromThread, type ThreadStart, type ToThread } from './messages';

const { storagePath, locale } = workerData as ThreadStart;
const desk: DatasetWork = new DatasetDesk(storagePath);
const running = new Map<number, AbortController>();
const ready = useLanguage(locale);
/** Milliseconds between two words about one piece of work. */
const interval = 100;

function answer(message: FromThread): void {
  parentPort?.postMessage(message);
}

parentPort?.on('message', (message: ToThread) => {
  if ('cancel' in message) running.get(message.id)?.abort();
  else void work(message);
});

async function work({ id, name, params }: Extract<ToThread, { name: unknown }>): Promise<void> {
  const stop = new AbortController();
  running.set(id, stop);
  let told = -Infinity;
  const watched: Watched = {
    signal: stop.signal,
    onProgress: (progress) => {
      const now = performance.now();
      if (now - told < interval) return;
      told = now;
      answer({ id, progress });
    },
  };
  try {
    await ready;
    // Parsed at the connection; between the two threads of one program it is what it was.
    const work = desk[name].bind(desk) as (params: unknown, watched: Watched) => Promise<unknown>;
    answer({ id, result: await work(params, watched) });
  } catch (error) {
    answer({ id, failure: toFailure(error) });
  } finally {
    running.delete(id);
  }
}
