/** Joins the training loop to what it leaves behind: messages, checkpoints, the output folder. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { metadataFile, type TrainedMetadata } from '../../ml/trained/metadata';
import type { Random } from '../sdk/random';
import type { EvaluationReport, TrainingSetup } from '../sdk/trainingTask';
import {
  checkpointName,
  latestCheckpoint,
  loadCheckpoint,
  type CheckpointContent,
  type LoadedCheckpoint,
} from './checkpoint';
import { CheckpointQueue } from './checkpointQueue';
import { directWriter, type CheckpointWriter, type WrittenCheckpoint } from './checkpointWriter';
import type { ParsedConfig } from './config/schema';
import { tfjsVersion } from './engines/locate';
import type { LoadedEngine } from './engines/load';
import { writeOutput } from './output';
import type { Reporter } from './reporter';
import { SampleQueue } from './sampleQueue';
import { writeSamples } from './samples';
import { means, type EpochRecord, type StepRecord, type TrainingState } from './state';
import { Trainer, type TrainerEvents } from './trainer';
import type { StartMessage, TrainerStarted } from './trainerProtocol';

export interface TrainedRunOptions {
  readonly message: StartMessage;
  readonly config: ParsedConfig;
  readonly setup: TrainingSetup;
  readonly engine: LoadedEngine;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** Who writes checkpoints; the thread that trains by default. */
  readonly writer?: CheckpointWriter | undefined;
}

/** More steps than are taken while a backend that dies has not yet stored what it was told. */
const stepsKept = 500;

export class TrainedRun {
  private readonly createdAt = new Date().toISOString();
  private readonly configHash: string;
  private saving: CheckpointQueue;
  private readonly sampling: SampleQueue;
  /** The newest points of the curve of steps. */
  private steps: StepRecord[] = [];

  constructor(private readonly options: TrainedRunOptions) {
    this.configHash = createHash('sha256').update(canonical(options.config)).digest('hex');
    this.saving = this.queue(undefined);
    const { checkpointsPath } = options.message;
    this.sampling = new SampleQueue((sampled) => writeSamples(checkpointsPath, sampled));
  }

  async train(
    random: Random,
    resume: LoadedCheckpoint | undefined,
    damaged: readonly string[],
  ): Promise<void> {
    const { setup, config, reporter, signal } = this.options;
    const { training } = config;
    const trainer = new Trainer({ setup, training, random, events: this.events(), signal, resume });
    const before = resume?.state.state;
    if (before?.best !== undefined) this.saving = this.queue(this.folder(before.best));
    reporter.setMetrics(before?.history.at(-1)?.metrics ?? {});
    this.steps = [...(resume?.state.steps ?? [])];
    this.sayStarted(before, damaged);
    const end = await trainer.run();
    trainer.dispose();
    const { state, early } = end;
    const { step, epoch, history } = end.final;
    const told =
      state === 'completed' ? await this.writeResult(end.final) : { metrics: metricsOf(history, epoch) };
    reporter.sendNow({ type: 'ended', state, step, epoch, early, ...told });
  }

  private sayStarted(before: TrainingState | undefined, damaged: readonly string[]): void {
    const { setup, config, engine, reporter } = this.options;
    const { dataHash } = setup.metadata();
    reporter.sendNow({
      type: 'started',
      engine: engine.name,
      engineVersion: engine.version,
      engineReason: engine.reason,
      stepsPerEpoch: setup.stepsPerEpoch,
      epochs: config.training.epochs,
      step: before?.step ?? 0,
      epoch: before?.epoch ?? 0,
      damaged: [...damaged],
      told: before === undefined ? [] : recordsOf([...this.steps, ...before.history]),
      details: {
        seed: config.training.seed,
        configHash: this.configHash,
        ...(dataHash === undefined ? {} : { dataHash }),
        parameters: setup.model.countParams(),
        versions: { node: process.versions.node, tfjs: tfjsVersion, engine: engine.version },
        environment: {
          node: process.versions.node,
          tfjs: tfjsVersion,
          [engine.name]: engine.version,
          ...engine.build,
        },
      },
    });
  }

  private events(): TrainerEvents {
    const { reporter } = this.options;
    return {
      progress: (step, epoch) => reporter.progress(step, epoch),
      step: (record) => {
        this.steps.push(record);
        if (this.steps.length >= 2 * stepsKept) this.steps.splice(0, stepsKept);
        reporter.add(record.step, record.epoch, record.metrics);
      },
      epoch: ({ step, epoch, metrics }) => {
        reporter.setMetrics(metrics);
        reporter.add(step, epoch, metrics);
      },
      samples: (epoch, items) => reporter.saving(() => this.sampling.add({ epoch, items })),
      save: (content, best) => reporter.saving(() => this.save(content, best)),
      settled: async () => {
        await this.saving.settled();
        await this.sampling.settled();
      },
    };
  }

  private queue(best: string | undefined): CheckpointQueue {
    return new CheckpointQueue(this.options.writer ?? directWriter, best);
  }

  private async save(given: Omit<CheckpointContent, 'metadata'>, best: boolean): Promise<void> {
    const { message, config, reporter, setup } = this.options;
    const { state, report } = given.state;
    const metrics = state.stepInEpoch > 0 ? means(state.running) : (state.history.at(-1)?.metrics ?? {});
    const metadata = this.metadata(metrics, report);
    const content = {
      ...given,
      state: { ...given.state, steps: this.steps.slice(-stepsKept) },
      metadata,
      extra: setup.files?.() ?? {},
    };
    await this.saving.add({
      parent: message.checkpointsPath,
      content,
      best,
      keep: config.training.checkpoints.keep,
      // What was measured up to here is told first: a checkpoint must not outlive the points before it.
      begin: () => reporter.flush(),
      written: (written) => this.sayWritten(written, { state, metrics, best }),
    });
  }

  private sayWritten({ folder, removed }: WrittenCheckpoint, { state, metrics, best }: Saved): void {
    this.options.reporter.sendNow({
      type: 'checkpoint',
      folder,
      epoch: state.epoch,
      step: state.step,
      loss: metrics['loss'] ?? 0,
      ...(metrics['accuracy'] === undefined ? {} : { accuracy: metrics['accuracy'] }),
      best,
      removed: [...removed],
    });
  }

  private async writeResult({ best, history }: TrainingState): Promise<Result> {
    const { message, setup } = this.options;
    if (best === undefined) throw new Error('the run ended without one measured epoch');
    const { checkpoint, notice } = await this.bestOnDisk(this.folder(best));
    const { state, report } = checkpoint.state;
    const { epoch } = state;
    const metrics = metricsOf(history, epoch);
    // As these weights were measured: what a task found out later, such as a voice's pace, is that of others.
    const told = await readFile(path.join(checkpoint.folder, metadataFile), 'utf8');
    // Written by this trainer, and its hash was compared.
    const { labels, preprocessing } = JSON.parse(told) as TrainedMetadata;
    await writeOutput({
      outputPath: message.outputPath,
      checkpoint: checkpoint.folder,
      metadata: { ...this.metadata(metrics, report), labels, preprocessing },
      config: message.config,
      history,
      epoch,
      report,
      extra: setup.files?.() ?? {},
    });
    return { metrics, ...(notice === undefined ? {} : { notice }) };
  }

  /** The best checkpoint, or the newest one that is whole where somebody deleted or damaged it. */
  private async bestOnDisk(best: string): Promise<{ checkpoint: LoadedCheckpoint; notice?: string }> {
    try {
      return { checkpoint: await loadCheckpoint(best) };
    } catch (error) {
      const { checkpoint } = await latestCheckpoint(this.options.message.checkpointsPath);
      if (checkpoint === undefined) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      const { epoch } = checkpoint.state.state;
      return {
        checkpoint,
        notice: `The best checkpoint cannot be read, so the trained model is that of epoch ${epoch}. ${reason}.`,
      };
    }
  }

  private metadata(
    metrics: Readonly<Record<string, number>>,
    report: EvaluationReport | undefined,
  ): TrainedMetadata {
    const { message, config, setup, engine } = this.options;
    return {
      formatVersion: 1,
      task: message.task.id,
      name: message.name,
      ...setup.metadata(),
      metrics: { ...metrics },
      ...(report?.confusion === undefined ? {} : { confusion: report.confusion.map((row) => [...row]) }),
      engine: { name: engine.name, version: engine.version },
      createdAt: this.createdAt,
      configHash: this.configHash,
      seed: config.training.seed,
    };
  }

  private folder(at: { epoch: number; step: number }): string {
    return path.join(this.options.message.checkpointsPath, checkpointName(at.epoch, at.step));
  }
}

/** What is told of the trained model: the metrics of its epoch, and why it is not the best one. */
interface Result {
  readonly metrics: Record<string, number>;
  readonly notice?: string;
}

interface Saved {
  readonly state: TrainingState;
  readonly metrics: Readonly<Record<string, number>>;
  readonly best: boolean;
}

function metricsOf(history: readonly EpochRecord[], epoch: number): Record<string, number> {
  return history.find((one) => one.epoch === epoch)?.metrics ?? {};
}

/** Of a curve, as they are sent; of when they were measured nothing is known any more. */
function recordsOf(curve: readonly StepRecord[]): TrainerStarted['told'] {
  const at = Date.now();
  return curve.map(({ step, epoch, metrics }) => ({ step, epoch, at, values: metrics }));
}

/** JSON with the keys of every object in one order, so that equal configs give equal hashes. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
