/** The trainer's process: one run or trial, started and stopped by messages from the backend, over when it is over. */
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import type { EngineChoice } from '../../protocol/model/settings';
import { toStudioError } from '../../protocol/wire/errors';
import { useLanguage } from '../language/say';
import { taskOf } from '../sdk/contract';
import type { TrainingTask } from '../sdk/trainingTask';
import { directWriter, ThreadWriter, writerEntry, type CheckpointWriter } from './checkpointWriter';
import { loadEngine } from './engines/load';
import { externalTaskOf, isExternal, toTrainingTask } from './external/pluginModule';
import { watchParent } from './orphan';
import { Reporter } from './reporter';
import { runTraining } from './runTraining';
import { SystemProbe } from './system';
import { toTrainer, type FromTrainer, type StartMessage, type TrialMessage } from './trainerProtocol';
import { runTrial } from './trial';

/** How long a trainer whose backend is gone may take to finish its step and checkpoint, in milliseconds. */
const orphanGrace = 5000;

const stop = new AbortController();
let started = false;

let lastSent = Promise.resolve();
let underWay = 0;

function send(message: FromTrainer): void {
  // A gone backend is noticed by `disconnect`; there is nobody left to tell.
  if (!process.connected) return;
  underWay += 1;
  lastSent = new Promise((resolve) =>
    process.send?.(message, () => {
      underWay -= 1;
      resolve();
    }),
  );
}

async function loadTask({ id, entry }: StartMessage['task']): Promise<TrainingTask> {
  const module: unknown = await import(pathToFileURL(entry).href);
  if (!isExternal(module)) return taskOf(module);
  const external = await externalTaskOf(module);
  if (external.id === id) return toTrainingTask(external);
  throw new Error(`its module ${entry} now calls itself ${external.id}; reload the window`);
}

async function run(message: StartMessage | TrialMessage): Promise<void> {
  const probe = new SystemProbe({
    now: () => performance.now() / 1000,
    cpuUsage: () => process.cpuUsage(),
    memory: () => process.memoryUsage(),
    tensors: () => tf.engine().state,
  });
  const reporter = new Reporter(send, { probe, isBusy: () => underWay > 0 });
  try {
    await useLanguage(message.locale);
    const task = await loadTask(message.task);
    const common = {
      task,
      signal: stop.signal,
      startEngine: (choice: EngineChoice) => loadEngine(choice, { storagePath: message.storagePath }),
    };
    if (message.type === 'start')
      await runTraining({ ...common, message, reporter, writer: checkpointWriter() });
    else send({ type: 'measured', estimate: await runTrial({ ...common, message }) });
    await lastSent;
    process.exit(0);
  } catch (error) {
    const known = toStudioError(error);
    // Inside a trainer an unknown error is the task's or the engine's own words: the user needs them.
    const text = known.kind === 'internal' && error instanceof Error ? error.message : known.message;
    reporter.sendNow({
      type: 'failed',
      failure: {
        kind: known.kind === 'internal' ? 'plugin.failed' : known.kind,
        message: known.kind === 'internal' ? `The task ${message.task.id} failed: ${text}` : text,
        retryable: known.retryable,
        ...(known.details === undefined ? {} : { details: { ...known.details } }),
      },
      ...(error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {}),
    });
    await lastSent;
    process.exit(1);
  }
}

function checkpointWriter(): CheckpointWriter {
  const entry = writerEntry();
  return entry === undefined ? directWriter : new ThreadWriter(entry);
}

process.on('message', (raw) => {
  const message = toTrainer.parse(raw);
  if (message.type === 'stop') stop.abort(new Error('stopped'));
  else if (!started) {
    started = true;
    void run(message);
  }
});

function abandon(): void {
  stop.abort(new Error('the backend is gone'));
  setTimeout(() => process.exit(1), orphanGrace).unref();
  if (!started) process.exit(1);
}
process.on('disconnect', abandon);
watchParent(process.ppid, orphanGrace + 1000, abandon);
// Ctrl+C in a terminal reaches the whole group; the backend decides what it means for a run.
process.on('SIGINT', () => undefined);
