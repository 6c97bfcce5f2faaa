/**
 * A model's folder loaded with TensorFlow.js inside the page. Imported lazily by the playground: nothing else of the
 * page brings tensors along.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { phonemizeText, type SpokenWord } from '../../ml/g2p/phonemize';
import { classifyAudio } from '../../ml/trained/audio';
import { loadLayers, loadTrained, type TrainedModel } from '../../ml/trained/load';
import { metadataFile, type TrainedMetadata } from '../../ml/trained/metadata';
import type { ModelFiles } from '../../ml/trained/modelFiles';
import { classifyRows, valuesOfRows } from '../../ml/trained/tabular';
import { classifyTexts } from '../../ml/trained/text';
import type { LabelScore } from '../../ml/trained/scores';
import type { BareInputs } from './bareInput';
import { useEngine } from './engines';
import type { ChosenEngine, EngineChoice } from './engineNames';

/** One named input of a bare model; null where any length goes (the batch). */
export interface InputShape {
  readonly name: string;
  readonly shape: readonly (number | null)[];
  readonly dtype: string;
}

export type ModelInput =
  | { readonly kind: 'tabular'; readonly row: Readonly<Record<string, unknown>> }
  | { readonly kind: 'audio'; readonly samples: Float32Array; readonly sampleRate: number }
  | { readonly kind: 'text' | 'graphemes'; readonly text: string }
  | { readonly kind: 'bare'; readonly tensors: BareInputs };

export interface Amount {
  readonly name: string;
  readonly value: number;
}

export interface ModelOutput {
  /** Best first. */
  readonly labels?: readonly LabelScore[];
  /** Of a model that answers amounts, in the order of its names. */
  readonly amounts?: readonly Amount[];
  /** Of a bare model. */
  readonly values?: readonly { readonly name: string; readonly shape: number[]; readonly data: number[] }[];
  /** Of a model that pronounces words. */
  readonly words?: readonly SpokenWord[];
  /** Of a voice. */
  readonly sound?: {
    readonly wav: Uint8Array;
    readonly samples: Float32Array;
    readonly sampleRate: number;
  };
  /** Of a recogniser, with times in seconds, or what a model wrote on, without parts. */
  readonly transcript?: {
    readonly text: string;
    readonly segments: readonly { readonly start: number; readonly end: number; readonly text: string }[];
  };
  /** Of a model that writes: how it came to its end. */
  readonly written?: { readonly tokens: number; readonly finished: 'length' | 'end' | 'stop' };
  /** A text whose masks were filled. */
  readonly filled?: string;
  /** Of a model that labels words. */
  readonly tagged?: readonly { readonly word: string; readonly label: string }[];
  readonly runMs: number;
}

export interface LoadedModel {
  readonly kind: ModelInput['kind'];
  readonly metadata: TrainedMetadata | undefined;
  readonly inputs: readonly InputShape[];
  readonly parameters: number;
  readonly engine: ChosenEngine;
  /** Engine and model together. */
  readonly loadMs: number;
  run(input: ModelInput): Promise<ModelOutput>;
  /** Bytes that TensorFlow.js holds now. */
  memory(): number;
  dispose(): void;
}

export async function loadModel(
  files: ModelFiles,
  choice: EngineChoice,
  wasmUri: string,
): Promise<LoadedModel> {
  const started = performance.now();
  const engine = await useEngine(choice, wasmUri);
  const trained = await files.read(metadataFile);
  const loaded = trained === undefined ? undefined : await loadTrained(files);
  const model = loaded?.model ?? (await loadLayers(files));
  warmUp(model);
  const run = async (input: ModelInput): Promise<Omit<ModelOutput, 'runMs'>> => {
    if (loaded !== undefined && input.kind === 'tabular') return answerRow(loaded, input.row);
    if (loaded !== undefined && input.kind === 'audio')
      return { labels: await classifyAudio(loaded, input.samples, input.sampleRate) };
    if (loaded !== undefined && input.kind === 'text')
      return { labels: (await classifyTexts(loaded, [input.text]))[0] ?? [] };
    if (loaded !== undefined && input.kind === 'graphemes')
      return { words: await phonemizeText(loaded, input.text) };
    if (input.kind === 'bare') return { values: await runBare(model, input.tensors) };
    throw new Error(`A ${input.kind} input for another kind of model.`);
  };
  return {
    kind: loaded?.metadata.preprocessing.kind ?? 'bare',
    metadata: loaded?.metadata,
    // Of `name` and `name/part` the first is what a person knows, and what the backend takes.
    inputs: model.inputs.map(({ name, shape, dtype }) => ({
      name: name.split('/')[0] ?? name,
      shape,
      dtype,
    })),
    parameters: model.countParams(),
    engine,
    loadMs: performance.now() - started,
    run: async (input) => {
      const start = performance.now();
      const output = await run(input);
      return { ...output, runMs: performance.now() - start };
    },
    memory: () => tf.memory().numBytes,
    dispose: () => model.dispose(),
  };
}

async function answerRow(
  loaded: TrainedModel,
  row: Readonly<Record<string, unknown>>,
): Promise<Pick<ModelOutput, 'labels' | 'amounts'>> {
  const { answers, labels } = loaded.metadata;
  if (answers !== 'values') return { labels: (await classifyRows(loaded, [row]))[0] ?? [] };
  const [amounts = {}] = await valuesOfRows(loaded, [row]);
  return { amounts: labels.map((name) => ({ name, value: amounts[name] ?? NaN })) };
}

/** The first prediction compiles the engine's programs: it belongs to loading, not to the first answer. */
function warmUp(model: LayersModel): void {
  tf.tidy(() => {
    const zeros = model.inputs.map(({ shape, dtype }) =>
      tf.zeros(
        shape.map((length) => length ?? 1),
        dtype,
      ),
    );
    model.predict(zeros);
  });
}

async function runBare(model: LayersModel, tensors: BareInputs): Promise<NonNullable<ModelOutput['values']>> {
  const outputs = tf.tidy(() => {
    const inputs = tensors.map(({ shape, data, dtype }) => tf.tensor(data, shape, dtype));
    const answer = model.predict(inputs);
    return Array.isArray(answer) ? answer : [answer];
  });
  try {
    return await Promise.all(
      outputs.map(async (tensor, i) => ({
        name: model.outputNames[i] ?? `output ${i + 1}`,
        shape: tensor.shape,
        data: Array.from(await tensor.data()),
      })),
    );
  } finally {
    tf.dispose(outputs);
  }
}
