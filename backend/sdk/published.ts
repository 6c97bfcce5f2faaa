/**
 * The contract of a training task that comes from outside Goya: types only, and nothing of Goya is imported. It is shipped
 * as `dist/sdk/index.d.ts`, the package `goya-sdk`; the compiler holds `pluginSdk.ts` and `trainerKit.ts` to it.
 *
 * A plugin is one JavaScript module whose default export is a `TrainingPlugin`:
 *
 *     export default { apiVersion: 1, id: 'my-task', create: (sdk) => sdk.defineTask({ … }) };
 *
 * `create` and `inspect` run in a thread of their own; `prepare` runs in the process of the run, which has the tensors.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type * as layers from '@tensorflow/tfjs-layers';
import type { z } from 'zod';

export interface TrainingPlugin {
  /** The version of this contract. */
  readonly apiVersion: 1;
  /** What config files say under `task`: lower-case words joined by hyphens, not one of Goya's own tasks. */
  readonly id: string;
  /** Must answer within 10 seconds. */
  create(sdk: PluginSdk): PluginTask | Promise<PluginTask>;
}

/** Handed to `create`: what is needed without tensors. */
export interface PluginSdk {
  /** Goya's own copy of zod, to write the schemas of `data` and `model` with. */
  readonly z: typeof z;
  /** Gives `inspect` and `prepare` the types of the two schemas. */
  defineTask<Data extends z.ZodObject, Model extends z.ZodObject>(task: PluginTask<Data, Model>): PluginTask;
  /** A field that names a file or folder: Goya checks that it exists and stays inside the workspace. */
  dataPath(description: string): z.ZodString;
  /** A field for the share of examples that are kept out of training. */
  validationShare(share?: number): z.ZodDefault<z.ZodNumber>;
  /** A problem that keeps the run from starting; `path` points into the config, e.g. `/data/path`. */
  problem(path: string, message: string): ConfigProblem;
  /** Something to know; the run may start. */
  warning(path: string, message: string): ConfigProblem;
  /** For `prepare`, to throw: the data cannot be trained on after all. */
  invalidData(problems: readonly ConfigProblem[]): Error;
  /**
   * A tag for sentences that people read: `const say = sdk.sayIn({ '{0} is empty.': '{0} خالی است.' })`, then
   * `` say`${name} is empty.` ``. English, or in a Persian session the Persian beside the English sentence, if there is one.
   */
  sayIn(
    persian: Readonly<Record<string, string>>,
  ): (sentence: TemplateStringsArray, ...values: readonly (string | number)[]) => string;
  /** Rows of a CSV or TSV file, the header row included; rejects with an error that has the line. */
  readTable(
    file: string,
    options: { readonly delimiter: string; readonly quotes?: boolean; readonly signal?: AbortSignal },
  ): AsyncGenerator<{ readonly line: number; readonly cells: readonly string[] }>;
  /** The delimiter that the first line of a file has most of. */
  detectDelimiter(file: string): Promise<string>;
  /** A number as people write it: Persian digits too. */
  parseNumber(cell: unknown): number | undefined;
  /** Indices of training and validation examples, each label with its share on both sides. */
  stratifiedSplit(labels: readonly number[], share: number, random: Random): Split;
  shuffledBatches(indices: readonly number[], batchSize: number, random: Random): number[][];
  inBatches(indices: readonly number[], batchSize: number): number[][];
}

/** Handed to `prepare`: what trains. There is one copy of tf.js in the process, and this is it. */
export interface TrainerKit {
  readonly tf: typeof tf;
  readonly layers: typeof layers;
  /** For models that end in a dense layer with softmax; see docs/plugins.md. */
  readonly classification: ClassificationKit;
}

export interface ClassificationKit {
  /** The scores before the final softmax. */
  logitsOf(model: layers.LayersModel): Logits;
  classificationLoss(
    logits: Logits,
    batch: ClassificationBatch,
    options: {
      readonly classes: number;
      readonly classWeights?: readonly number[];
      readonly labelSmoothing?: number;
    },
  ): StepResult;
  /** `val_loss`, `val_accuracy`, `val_macro_f1`, confusion matrix, figures per label. */
  evaluateClassifier(
    logits: Logits,
    batches: Iterable<ClassificationBatch> | AsyncIterable<ClassificationBatch>,
    labels: readonly string[],
    signal: AbortSignal,
  ): Promise<Evaluation>;
}

export type Logits = (inputs: tf.Tensor, training: boolean) => tf.Tensor2D;
/** `inputs` as the model takes them, `labels` int32 `[n]`. */
// An alias, not an interface: a batch is a tf.TensorContainer, which wants an index signature.
export type ClassificationBatch = { inputs: tf.Tensor; labels: tf.Tensor1D };

export interface PluginTask<Data extends z.ZodObject = z.ZodObject, Model extends z.ZodObject = z.ZodObject> {
  readonly title: string;
  readonly description: string;
  /** The config's `data` section: a strict object; descriptions become the editor's hover. */
  readonly data: Data;
  /** The config's `model` section: a strict object whose fields all have defaults. */
  readonly model: Model;
  /** True: `training.classWeights` means something for it, and `prepare` looks at it. */
  readonly usesClassWeights?: boolean;
  /** Problems of the data and of its fit to the config, as the user types; at most 30 seconds. None: it may start. */
  inspect(
    context: InspectContext<z.output<Data>, z.output<Model>>,
  ): readonly ConfigProblem[] | Promise<readonly ConfigProblem[]>;
  /** Reads the data and builds the model; the trainer does the rest. */
  prepare(
    context: PrepareContext<z.output<Data>, z.output<Model>>,
    kit: TrainerKit,
  ): TrainingSetup | Promise<TrainingSetup>;
}

export interface ConfigProblem {
  readonly severity: 'error' | 'warning' | 'info';
  /** A JSON pointer into the config. */
  readonly path: string;
  readonly message: string;
}

export interface InspectContext<Data, Model> {
  readonly data: Data;
  readonly model: Model;
  /** The config's `training` section, defaults filled in. */
  readonly training: TrainingOptions;
  /** A path of the config as an absolute one. */
  resolve(relative: string): string;
  readonly signal: AbortSignal;
}

export interface PrepareContext<Data, Model> extends InspectContext<Data, Model> {
  readonly engine: 'tensorflow' | 'wasm' | 'cpu';
  /** Seeded by the config; `Math.random` is seeded too. */
  readonly random: Random;
}

/** The parts that a task has a use for; the trainer obeys the rest (optimizer, schedule, stopping, checkpoints). */
export interface TrainingOptions {
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly classWeights?: 'balanced' | 'none' | Readonly<Record<string, number>> | undefined;
}

export interface Random {
  /** 0..1, 1 left out. */
  next(): number;
  /** A whole number, 0..limit-1. */
  int(limit: number): number;
  /** In place; answers the same array. */
  shuffle<T>(items: T[]): T[];
}

export interface Split {
  readonly training: number[];
  readonly validation: number[];
}

export interface StepResult {
  /** Mean over the batch; what the gradient is taken of. */
  readonly loss: tf.Scalar;
  readonly metrics?: Readonly<Record<string, tf.Scalar>>;
  /** Examples in the batch. */
  readonly examples: number;
}

export interface Evaluation {
  /** `val_loss`, `val_…`: finite numbers. Names that end in loss, error, mae, mse, rmse are best low. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly report?: {
    readonly labels?: readonly string[];
    /** `confusion[true][predicted]`, counts. */
    readonly confusion?: readonly (readonly number[])[];
    readonly perLabel?: readonly {
      readonly label: string;
      readonly precision: number;
      readonly recall: number;
      readonly f1: number;
      readonly support: number;
    }[];
    readonly [more: string]: unknown;
  };
}

/** One validation example after an epoch, for the dashboard. */
export interface SamplePrediction {
  readonly input?: string | undefined;
  /** Absolute. */
  readonly audioPath?: string | undefined;
  readonly truth: string;
  readonly predicted: string;
  readonly score?: number | undefined;
}

export interface TrainingSetup<Batch extends tf.TensorContainer = tf.TensorContainer> {
  /** tf.js's own layers only, so that any tf.js program can load the result. */
  readonly model: layers.LayersModel;
  readonly stepsPerEpoch: number;
  /** Exactly `stepsPerEpoch` batches, drawn with `random` alone; the trainer disposes them. */
  trainBatches(epoch: number, random: Random): Iterable<Batch> | AsyncIterable<Batch>;
  /** Runs inside `tf.tidy`, where gradients of the model's weights are recorded. */
  loss(batch: Batch): StepResult;
  evaluate(signal: AbortSignal): Promise<Evaluation>;
  /** Up to 8 validation examples, the same ones after each epoch. */
  samples?(signal: AbortSignal): Promise<readonly SamplePrediction[]>;
  metadata(): PluginMetadata;
  /** More files for the output folder, by name. */
  files?(): Readonly<Record<string, string | Uint8Array>>;
  dispose?(): void;
}

/** What `goya.json` says of the model, so that `inference/run` and the playground can feed it rows of a table. */
export interface PluginMetadata {
  /** A name for each number that the model answers. */
  readonly labels: readonly string[];
  /** `values`: the numbers are amounts. Absent: probabilities of the labels. */
  readonly answers?: 'probabilities' | 'values';
  readonly preprocessing: {
    readonly kind: 'tabular';
    /** In the order of the model's inputs; a numeric one is fed `(value - mean) / std`, a categorical one one-hot. */
    readonly columns: readonly (
      | { readonly name: string; readonly kind: 'numeric'; readonly mean: number; readonly std: number }
      | { readonly name: string; readonly kind: 'categorical'; readonly values: readonly string[] }
    )[];
    readonly labelColumn?: string;
  };
  /** SHA-256 (hex) of the data. */
  readonly dataHash?: string;
}
