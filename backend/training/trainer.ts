/** The training loop: engine-, task- and process-independent. */
import * as tf from '@tensorflow/tfjs-core';
import { StudioError } from '../../protocol/wire/errors';
import { breathe } from '../sdk/breathe';
import type { TrainingOptions } from '../sdk/options';
import { Random } from '../sdk/random';
import type { Evaluation, EvaluationReport, TaskSample, TrainingSetup } from '../sdk/trainingTask';
import { checkpointName, type CheckpointContent, type LoadedCheckpoint } from './checkpoint';
import { ModelSnapshots, packTensors, unpackTensors } from './modelFiles';
import { isBetter, Patience } from './monitor';
import { divergedError } from './divergence';
import { clipByGlobalNorm, clipByValue, Optimizer } from './optimizer';
import { isSampled } from './samples';
import { learningRateAt } from './schedule';
import { addStep, emptySums, means, type EpochRecord, type StepRecord, type TrainingState } from './state';
import { WeightAverage } from './weightAverage';

/**
 * Where the trainer says what happens. It waits for a `save`, which may leave the writing itself to another thread: what
 * it is given are copies. Before a run ends, whatever way, `settled` tells that all of it is on disk, or throws.
 */
export interface TrainerEvents {
  progress(step: number, epoch: number): void;
  /** Metrics are means since the last record; `epoch` counts finished ones. */
  step(record: StepRecord): void;
  epoch(record: EpochRecord, evaluation: Evaluation): void;
  /** Of the epochs that `isSampled`; without it none are asked for. */
  samples?(epoch: number, items: readonly TaskSample[]): Promise<void>;
  save(content: Omit<CheckpointContent, 'metadata'>, best: boolean): Promise<void>;
  settled?(): Promise<void>;
}

export interface TrainerOptions {
  readonly setup: TrainingSetup;
  readonly training: TrainingOptions;
  /** Behind `Math.random`. */
  readonly random: Random;
  readonly events: TrainerEvents;
  /** Aborted when the run shall stop. */
  readonly signal: AbortSignal;
  readonly resume?: LoadedCheckpoint | undefined;
}

export interface TrainerEnd {
  readonly state: 'completed' | 'stopped';
  /** Ended before its last epoch because nothing got better. */
  readonly early: boolean;
  readonly final: TrainingState;
}

/** Curves of longer runs are thinned to this many points, by step, so that equal runs give equal points. */
const maxStepRecords = 5000;
/** Seeds the data order apart from whatever else the seed is used for. */
const dataStream = 0xda7a;

export class Trainer {
  private readonly variables: tf.Variable[];
  /** Of the variables, `layer/weight`. */
  private readonly names: readonly string[];
  private readonly optimizer: Optimizer;
  private readonly average: WeightAverage | undefined;
  private readonly total: number;
  private readonly every: number;
  private readonly patience: Patience;
  private readonly snapshots: ModelSnapshots;
  private state: TrainingState;
  private report: EvaluationReport | undefined;
  private pending = emptySums();
  private savedAt: string | undefined;

  constructor(private readonly options: TrainerOptions) {
    const { setup, training, resume, random } = options;
    this.variables = setup.model.trainableWeights.map((weight) => variableOf(weight.read()));
    this.names = setup.model.trainableWeights.map(({ originalName }) => originalName);
    this.optimizer = new Optimizer(this.variables, training.optimizer, this.names);
    const decay = training.weightAverage;
    this.average = decay === undefined ? undefined : new WeightAverage(this.variables, decay);
    this.snapshots = new ModelSnapshots(setup.model);
    this.total = setup.stepsPerEpoch * training.epochs;
    this.every = Math.max(1, Math.ceil(this.total / maxStepRecords));
    this.state = resume?.state.state ?? {
      step: 0,
      epoch: 0,
      stepInEpoch: 0,
      running: emptySums(),
      random: [...random.state],
      patience: { waited: 0 },
      history: [],
    };
    const stopping = training.earlyStopping;
    this.patience = new Patience(
      stopping?.monitor ?? 'val_loss',
      stopping?.minDelta ?? 0,
      this.state.patience,
    );
    if (resume !== undefined) this.restore(resume);
  }

  async run(): Promise<TrainerEnd> {
    try {
      return await this.trainEpochs();
    } finally {
      await this.options.events.settled?.();
    }
  }

  private async trainEpochs(): Promise<TrainerEnd> {
    const { training, signal } = this.options;
    while (this.state.epoch < training.epochs) {
      if (this.isExhausted()) return this.end('completed', true);
      try {
        await this.trainEpoch(this.state.epoch + 1);
        await this.finishEpoch(this.state.epoch + 1);
      } catch (error) {
        if (!signal.aborted || error !== signal.reason) throw error;
      }
      if (signal.aborted) {
        if (this.state.step > 0 && this.savedAt !== this.position) await this.save(false);
        return this.end('stopped', false);
      }
    }
    return this.end('completed', false);
  }

  dispose(): void {
    this.optimizer.dispose();
    this.average?.dispose();
  }

  /** Epoch and step: what a checkpoint is named after. */
  private get position(): string {
    return checkpointName(this.state.epoch, this.state.step);
  }

  private end(state: TrainerEnd['state'], early: boolean): TrainerEnd {
    return { state, early, final: this.state };
  }

  private isExhausted(): boolean {
    const stopping = this.options.training.earlyStopping;
    return stopping !== undefined && this.patience.snapshot.waited >= stopping.patience;
  }

  private async trainEpoch(epoch: number): Promise<void> {
    const { setup, training, signal } = this.options;
    const order = Random.from(training.seed, dataStream, epoch);
    const taken = this.state.stepInEpoch;
    let index = 0;
    for await (const batch of setup.trainBatches(epoch, order)) {
      // Drawn again only so that the stream of random numbers is where it was.
      if (index++ >= taken) this.takeStep(batch);
      tf.dispose(batch);
      await breathe();
      signal.throwIfAborted();
    }
    if (index !== setup.stepsPerEpoch) {
      throw new Error(`the task promised ${setup.stepsPerEpoch} batches per epoch and gave ${index}`);
    }
  }

  private takeStep(batch: tf.TensorContainer): void {
    const { setup, training, events } = this.options;
    const rate = learningRateAt(this.state.step, training, {
      stepsPerEpoch: setup.stepsPerEpoch,
      epochs: training.epochs,
    });
    const { values, examples } = this.gradientStep(batch, rate);
    const step = this.state.step + 1;
    this.state = {
      ...this.state,
      step,
      stepInEpoch: this.state.stepInEpoch + 1,
      running: addStep(this.state.running, values, examples),
    };
    this.pending = addStep(this.pending, values, examples);
    if (step % this.every === 0 || step === this.total) {
      const batchMeans = Object.entries(means(this.pending)).map(([name, value]) => [`batch_${name}`, value]);
      const metrics = { ...(Object.fromEntries(batchMeans) as Record<string, number>), learning_rate: rate };
      events.step({ step, epoch: this.state.epoch, metrics });
      this.pending = emptySums();
    }
    events.progress(step, this.state.epoch);
  }

  private gradientStep(
    batch: tf.TensorContainer,
    rate: number,
  ): { values: Record<string, number>; examples: number } {
    const { setup } = this.options;
    return tf.tidy(() => {
      let examples = 0;
      let others: Readonly<Record<string, tf.Scalar>> = {};
      const { value, grads } = tf.variableGrads(() => {
        const result = setup.loss(batch);
        examples = result.examples;
        others = Object.fromEntries(
          Object.entries(result.metrics ?? {}).map(([name, scalar]) => [name, tf.keep(scalar)]),
        );
        return result.loss;
      }, this.variables);
      const loss = value.dataSync()[0] ?? NaN;
      const values: Record<string, number> = { loss };
      for (const [name, scalar] of Object.entries(others)) {
        values[name] = scalar.dataSync()[0] ?? NaN;
        scalar.dispose();
      }
      if (!Number.isFinite(loss)) throw this.diverged('loss', rate, batch);
      const gradients = this.variables.map((variable) => grads[variable.name] ?? undefined);
      this.optimizer.apply(this.clipped(gradients), rate);
      this.average?.update(this.optimizer.iterations);
      return { values, examples };
    });
  }

  private clipped(gradients: readonly (tf.Tensor | undefined)[]): readonly (tf.Tensor | undefined)[] {
    const { clipValue, clipNorm } = this.options.training;
    const cut = clipValue === undefined ? gradients : clipByValue(gradients, clipValue);
    return clipNorm === undefined ? cut : clipByGlobalNorm(cut, clipNorm);
  }

  private async finishEpoch(epoch: number): Promise<void> {
    const { training, events } = this.options;
    const { evaluation, samples } = await this.averaged(() => this.measure(epoch));
    const metrics = { ...means(this.state.running), ...evaluation.metrics };
    const bad = Object.entries(metrics).find(([, value]) => !Number.isFinite(value));
    if (bad !== undefined) throw this.diverged(bad[0], training.optimizer.learningRate);
    this.report = evaluation.report;
    const record: EpochRecord = { epoch, step: this.state.step, metrics };
    const stopping = training.earlyStopping;
    if (stopping !== undefined) this.patience.observe(watched(metrics, stopping.monitor, 'earlyStopping'));
    const value = watched(metrics, training.checkpoints.monitor, 'checkpoints');
    const best = isBetter(training.checkpoints.monitor, value, this.state.best?.value);
    this.state = {
      ...this.state,
      epoch,
      stepInEpoch: 0,
      running: emptySums(),
      patience: this.patience.snapshot,
      history: [...this.state.history, record],
      ...(best ? { best: { epoch, step: this.state.step, value } } : {}),
    };
    events.epoch(record, evaluation);
    if (samples !== undefined) await events.samples?.(epoch, samples);
    const last = epoch === training.epochs || this.isExhausted();
    if (best || last || epoch % training.checkpoints.everyEpochs === 0) await this.save(best);
  }

  private async measure(
    epoch: number,
  ): Promise<{ evaluation: Evaluation; samples: readonly TaskSample[] | undefined }> {
    const { setup, training, signal, events } = this.options;
    const evaluation = await setup.evaluate(signal);
    const kept = epoch === 1 || epoch === training.epochs || epoch % training.checkpoints.everyEpochs === 0;
    const due = isSampled(epoch, training.epochs) && (setup.samplesAtCheckpoints !== true || kept);
    const wanted = events.samples !== undefined && due;
    const samples = wanted ? await setup.samples?.(signal) : undefined;
    return { evaluation, samples };
  }

  /** With the weights that are measured and kept. */
  private averaged<T>(work: () => Promise<T>): Promise<T> {
    return this.average === undefined ? work() : this.average.during(work);
  }

  private async save(best: boolean): Promise<void> {
    const { random, events } = this.options;
    this.state = { ...this.state, random: [...random.state] };
    const [{ modelJson, weights }, { specs, data }] = await this.averaged(async () => [
      await this.snapshots.take(),
      packTensors([...this.optimizer.state(), ...(this.average?.state() ?? [])]),
    ]);
    const optimizer = { iterations: this.optimizer.iterations, specs };
    await events.save(
      { modelJson, weights, optimizer: data, state: { state: this.state, report: this.report, optimizer } },
      best,
    );
    this.savedAt = this.position;
  }

  private restore(checkpoint: LoadedCheckpoint): void {
    const { setup, random } = this.options;
    const { state, report, optimizer } = checkpoint.state;
    const weights = unpackTensors(checkpoint.weights, checkpoint.weightSpecs).map(({ tensor }) => tensor);
    const slots = unpackTensors(checkpoint.optimizer, optimizer.specs);
    setup.model.setWeights(weights);
    this.optimizer.restore(this.average?.restore(slots) ?? slots, optimizer.iterations);
    tf.dispose([weights, slots.map(({ tensor }) => tensor)]);
    random.assign(state.random);
    this.savedAt = this.position;
    this.report = report;
  }

  private diverged(metric: string, rate: number, batch?: tf.TensorContainer): StudioError {
    const { step, epoch, stepInEpoch } = this.state;
    const { clipNorm, clipValue } = this.options.training;
    return divergedError({
      metric,
      step,
      epoch: epoch + 1,
      learningRate: rate,
      clipped: clipNorm !== undefined || clipValue !== undefined,
      weights: this.variables,
      names: this.names,
      checkpoint: this.savedAt,
      ...(batch === undefined ? {} : { batch, batchIndex: stepInEpoch + 1 }),
    });
  }
}

/** A layer's weight reads as the variable that it is. */
function variableOf(weight: tf.Tensor): tf.Variable {
  const isVariable = (tensor: tf.Tensor): tensor is tf.Variable => tensor instanceof tf.Variable;
  if (isVariable(weight)) return weight;
  throw new Error('a weight of the model is no variable');
}

function watched(metrics: Readonly<Record<string, number>>, monitor: string, section: string): number {
  const value = metrics[monitor];
  if (value !== undefined) return value;
  throw new StudioError(
    'training.invalidConfig',
    `training.${section}.monitor is ${JSON.stringify(monitor)}, which this task does not measure. ` +
      `It measures: ${Object.keys(metrics).join(', ')}.`,
  );
}
