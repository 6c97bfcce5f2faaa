/** One run from its start message to its output: what the trainer's process does. */
import path from 'node:path';
import { trainModuleOf } from '../sdk/contract';
import { Random } from '../sdk/random';
import type { TrainingSetup, TrainingTask } from '../sdk/trainingTask';
import { latestCheckpoint } from './checkpoint';
import type { CheckpointWriter } from './checkpointWriter';
import { configSchema, type ParsedConfig } from './config/schema';
import type { LoadedEngine } from './engines/load';
import { paceText, takeFirstSteps } from './firstSteps';
import type { Reporter } from './reporter';
import { seedMath } from './seededMath';
import { TrainedRun } from './trainedRun';
import { quickenLayers } from './quickLayers';
import type { StartMessage } from './trainerProtocol';

export interface RunTrainingOptions {
  readonly message: StartMessage;
  readonly task: TrainingTask;
  /** Starts the engine; called once, with `cpu` a second time when WebAssembly turns out not to train this task. */
  readonly startEngine: (choice: StartMessage['engine']) => Promise<LoadedEngine>;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly writer?: CheckpointWriter | undefined;
}

/** Streams of random numbers drawn from one seed. */
export const mathStream = 1;
const prepareStream = 2;

export async function runTraining(options: RunTrainingOptions): Promise<void> {
  const { message, task, reporter, signal, writer } = options;
  const config = configSchema(message.task.id, task).parse(message.config);
  const random = Random.from(config.training.seed, mathStream);
  const unseed = seedMath(random);
  const fuse = await quickenLayers();
  try {
    const found = message.resume ? await latestCheckpoint(message.checkpointsPath) : undefined;
    const { setup, engine } = await prepareRun(options, config, random);
    const run = new TrainedRun({ message, config, setup, engine, reporter, signal, writer });
    await run.train(random, found?.checkpoint, found?.damaged ?? []);
    setup.dispose?.();
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    // Stopped while the data was read: there is nothing to keep yet.
    reporter.sendNow({ type: 'ended', state: 'stopped', step: 0, epoch: 0, early: false, metrics: {} });
  } finally {
    fuse();
    unseed();
  }
}

export type PrepareRunOptions = Pick<RunTrainingOptions, 'task' | 'startEngine' | 'signal'> & {
  readonly message: Pick<StartMessage, 'engine' | 'basePath' | 'storagePath' | 'task'> &
    Partial<Pick<StartMessage, 'outputPath'>>;
};

export interface Prepared {
  readonly setup: TrainingSetup;
  readonly engine: LoadedEngine;
}

/**
 * Starts the engine and lets the task read its data; `auto` goes on to `cpu` where WebAssembly cannot train the task. What
 * `auto` took, and `cpu` whoever chose it, tells how fast it is.
 */
export async function prepareRun(
  options: PrepareRunOptions,
  config: ParsedConfig,
  random: Random,
): Promise<Prepared> {
  const { message, startEngine } = options;
  const first = random.state;
  const engine = await startEngine(message.engine);
  const setup = await prepareOn(options, config, engine);
  if (message.engine !== 'auto' && engine.name !== 'cpu') return { setup, engine };
  const { failure, stepMs } = await takeFirstSteps(setup, config, random);
  options.signal.throwIfAborted();
  // On the others, what goes wrong here goes wrong in the first step too, which says so.
  if (engine.name !== 'wasm' || failure === undefined)
    return { setup, engine: withPace(setup, config, engine, stepMs) };
  setup.dispose?.();
  setup.model.dispose();
  random.assign(first);
  const cpu = await startEngine('cpu');
  const reason = `wasm cannot train this task (${failure}); ${engine.reason}`;
  const chosen: LoadedEngine = { ...cpu, reason };
  const again = await prepareOn(options, config, chosen);
  const tried = await takeFirstSteps(again, config, random);
  return { setup: again, engine: withPace(again, config, chosen, tried.stepMs) };
}

async function prepareOn(
  { message, task, signal }: PrepareRunOptions,
  config: ParsedConfig,
  engine: LoadedEngine,
): Promise<TrainingSetup> {
  const module = trainModuleOf(await task.load());
  signal.throwIfAborted();
  return module.prepare({
    data: config.data,
    model: config.model,
    training: config.training,
    resolve: (relative) => path.resolve(message.basePath, relative),
    engine: engine.name,
    outputPath: message.outputPath,
    cachePath: path.join(message.storagePath, 'cache', message.task.id),
    random: Random.from(config.training.seed, prepareStream),
    signal,
  });
}

function withPace(
  setup: TrainingSetup,
  config: ParsedConfig,
  engine: LoadedEngine,
  stepMs: number | undefined,
): LoadedEngine {
  const last = engine.name === 'cpu' ? ['plain JavaScript is the last resort'] : [];
  const pace = stepMs === undefined ? [] : [paceText(setup, config, stepMs)];
  return { ...engine, reason: [engine.reason, [...last, ...pace].join(': ')].filter(Boolean).join('; ') };
}
