/** Asks a plugin one question in a thread that is ended when it answered, failed, or took too long. */
import { Worker } from 'node:worker_threads';
import { language } from '../../language/say';
import { answer, type Asked, type Question } from './messages';

export interface AskOptions {
  /** `pluginWorker.js` of the build. */
  readonly workerEntry: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A plugin has no business with more, in megabytes. */
const mostMemory = 256;

/** The answer, unparsed. Rejects with what went wrong, in words that go behind a colon. */
export async function ask(question: Question, options: AskOptions): Promise<unknown> {
  const { workerEntry, timeoutMs, signal } = options;
  signal?.throwIfAborted();
  const worker = new Worker(workerEntry, {
    workerData: { ...question, locale: language() } satisfies Asked,
    // What it prints would land among the messages of the connection.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: mostMemory },
  });
  worker.stdout.resume();
  worker.stderr.resume();
  try {
    return await firstOf(worker, timeoutMs, signal);
  } finally {
    await worker.terminate();
  }
}

function firstOf(worker: Worker, timeoutMs: number, signal: AbortSignal | undefined): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`it did not answer within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      act();
    };
    worker.once('message', (raw) => {
      const parsed = answer.safeParse(raw);
      settle(() => {
        if (!parsed.success) reject(new Error('its answer is none'));
        else if (parsed.data.ok) resolve(parsed.data.value);
        else reject(new Error(parsed.data.message));
      });
    });
    worker.once('error', (error: Error) => settle(() => reject(new Error(`it crashed: ${error.message}`))));
    worker.once('exit', (code) => settle(() => reject(new Error(`it ended itself with code ${code}`))));
    signal?.addEventListener('abort', () => settle(() => reject(new Error('cancelled'))), { once: true });
  });
}
