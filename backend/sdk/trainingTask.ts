/**
 * The plugin contract of a training task: one folder, `backend/plugins/<id>/`, whose `index.ts` exports a task as
 * default. `index.ts`, `config.ts` and `data.ts` run in the backend's main process and may import no tensors;
 * whatever needs them sits behind `load()`, which only the trainer's process calls.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { z } from 'zod';
import type { TrainedMetadata } from '../../ml/trained/metadata';
import type { ConfigProblem, SamplePrediction } from '../../protocol/model/run';
import type { EngineName } from '../../protocol/model/settings';
import type { TrainingOptions } from './options';
import type { Random } from './random';

export type { ConfigProblem, EngineName, SamplePrediction };

/** What a task sees of a config file: its own two sections, checked, with defaults applied. */
export interface TaskConfig<Data, Model> {
  readonly data: Data;
  readonly model: Model;
  readonly training: TrainingOptions;
  /** A path of the config as an absolute one. */
  resolve(relative: string): string;
}

/** `signal` is aborted when nobody waits for the answer any more. */
export interface InspectContext<Data, Model> extends TaskConfig<Data, Model> {
  readonly signal: AbortSignal;
}

export interface PrepareContext<Data, Model> extends TaskConfig<Data, Model> {
  readonly engine: EngineName;
  /** A folder of the task's own, kept between runs, for what takes long to make of data; it may not be there yet, or be emptied. */
  readonly cachePath: string;
  /** Where the model will stand, for paths that lead from it; undefined in a trial. */
  readonly outputPath?: string | undefined;
  /** Seeded by the config; for the split and whatever else is drawn once. `Math.random` is seeded too. */
  readonly random: Random;
  readonly signal: AbortSignal;
}

/** What one step says: all of it is made inside one `tf.tidy`. */
export interface StepResult {
  /** Mean over the batch; what the gradient is taken of. */
  readonly loss: tf.Scalar;
  /** More scalars to report, e.g. `accuracy`; averaged over the epoch, weighted by `examples`. */
  readonly metrics?: Readonly<Record<string, tf.Scalar>>;
  /** Examples in the batch. */
  readonly examples: number;
}

export interface Evaluation {
  /** `val_loss`, `val_accuracy`, `val_…`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Confusion matrix, figures per label, examples: JSON for `metrics.json` and the model card. */
  readonly report?: EvaluationReport;
}

export interface EvaluationReport {
  readonly labels?: readonly string[];
  /** `confusion[true][predicted]`, counts. */
  readonly confusion?: readonly (readonly number[])[];
  readonly perLabel?: readonly LabelFigures[];
  /** The model's figures on several sets, and others' beside them: a table of the model card. */
  readonly comparison?: readonly ComparisonRow[];
  readonly [more: string]: unknown;
}

/** Cells by the names of their columns; a row may lack some. */
export type ComparisonRow = Readonly<Record<string, string | number>>;

export interface LabelFigures {
  readonly label: string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Examples of this label. */
  readonly support: number;
}

/** A byte for each cell, row by row from the first. */
export interface Levels {
  readonly columns: number;
  readonly rows: number;
  readonly levels: Uint8Array;
}

/** As the protocol's `SamplePictures`, with bytes. */
export interface VoicePictures {
  readonly secondsPerColumn: number;
  readonly topHertz: number;
  readonly recorded: Levels;
  readonly spoken: Levels;
  readonly alignment: {
    readonly symbols: readonly string[];
    readonly frames: readonly number[];
    readonly likelihood: Levels;
  };
}

/** What a model says of one example; a voice also says it aloud, and draws it. */
export interface TaskSample extends SamplePrediction {
  /** Mono, −1..1; kept beside the other samples as a wav file. */
  readonly sound?: { readonly samples: Float32Array; readonly sampleRate: number };
  readonly pictures?: VoicePictures;
}

/** What a task says of its model in `goya.json`; the trainer adds the rest. */
export type TaskMetadata = Pick<TrainedMetadata, 'labels' | 'answers' | 'preprocessing'> & {
  readonly dataHash?: string;
};

export interface TrainingSetup<Batch extends tf.TensorContainer = tf.TensorContainer> {
  /** Its `save()` form is the output: `model.json` and `weights.bin`. */
  readonly model: LayersModel;
  /** Batches of one epoch; the trainer plans schedules and progress by it. */
  readonly stepsPerEpoch: number;
  /**
   * The batches of an epoch (from 1), exactly `stepsPerEpoch`, made as they are asked for. The order and every
   * augmentation come from `random`, which each epoch seeds anew: a resumed epoch is drawn again up to its step.
   * The trainer disposes each batch.
   */
  trainBatches(epoch: number, random: Random): Iterable<Batch> | AsyncIterable<Batch>;
  /** Runs the model in training mode; called where gradients of the model's weights are recorded. */
  loss(batch: Batch): StepResult;
  /** Measures the model on the validation examples. Ends early, by throwing, when the signal is aborted. */
  evaluate(signal: AbortSignal): Promise<Evaluation>;
  /** What the model says of up to 8 validation examples, the same ones each time; asked after an epoch. */
  samples?(signal: AbortSignal): Promise<readonly TaskSample[]>;
  /** True where samples take long: they are asked for after the first epoch, the last, and each with a regular checkpoint. */
  readonly samplesAtCheckpoints?: boolean;
  metadata(): TaskMetadata;
  /** More files for the output folder (a vocabulary, a `runtime.mjs`), by name. */
  files?(): Readonly<Record<string, string | Uint8Array>>;
  dispose?(): void;
}

/** What `load()` answers: the plugin's `train` module. */
export interface TrainModule<Data, Model> {
  prepare(context: PrepareContext<Data, Model>): Promise<TrainingSetup>;
}

export interface TrainingTask<
  DataSchema extends z.ZodObject = z.ZodObject,
  ModelSchema extends z.ZodObject = z.ZodObject,
> {
  readonly title: string;
  readonly description: string;
  /** The config's `data` section, a strict object; mark paths with `dataPath()` of `sdk/schema`. */
  readonly data: DataSchema;
  /** The config's `model` section, a strict object whose fields all have defaults. */
  readonly model: ModelSchema;
  /** True: `training.classWeights` means something for it, and `prepare` looks at it. */
  readonly usesClassWeights?: boolean;
  /**
   * Problems of the data and of its fit to the config; pointers are into the whole file (`/data/label`). Light: no
   * tensors, no whole-corpus decoding; called as the user types. An empty answer means the run may start.
   */
  inspect(context: InspectContext<z.output<DataSchema>, z.output<ModelSchema>>): Promise<ConfigProblem[]>;
  load(): Promise<TrainModule<z.output<DataSchema>, z.output<ModelSchema>>>;
}

export function defineTrainingTask<D extends z.ZodObject, M extends z.ZodObject>(
  task: TrainingTask<D, M>,
): TrainingTask<D, M> {
  return task;
}

/** What an editor may do with a problem besides showing it. */
export type ProblemHelp = Pick<ConfigProblem, 'code' | 'fixes'>;

/** A problem that keeps the run from starting. `path` is a JSON pointer into the config. */
export function problem(path: string, message: string, help: ProblemHelp = {}): ConfigProblem {
  return { severity: 'error', path, message, ...help };
}

/** Something the user should know; the run may start. */
export function warning(path: string, message: string, help: ProblemHelp = {}): ConfigProblem {
  return { severity: 'warning', path, message, ...help };
}
