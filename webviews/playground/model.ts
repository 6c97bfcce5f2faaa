/**
 * A model's folder loaded with TensorFlow.js inside the page. Imported lazily by the playground: nothing else of the
 * page brings tensors along.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { BareModel } from '../../ml/bare/bareModel';
import type { TensorInput } from '../../ml/bare/inputs';
import { loadBare } from '../../ml/bare/loadBare';
import { plainOutput, type PlainOutput } from '../../ml/bare/outputs';
import { runOnSound, runOnValues, type HeardSound } from '../../ml/bare/run';
import { phonemizeText, type SpokenWord } from '../../ml/g2p/phonemize';
import { classifyAudio } from '../../ml/trained/audio';
import { disposeTrained, loadTrained, type TrainedModel } from '../../ml/trained/load';
import { metadataFile, type TrainedMetadata } from '../../ml/trained/metadata';
import type { ModelFiles } from '../../ml/trained/modelFiles';
import { transcribeSpeech } from '../../ml/trained/speech';
import { classifyRows, valuesOfRows } from '../../ml/trained/tabular';
import { classifyTexts } from '../../ml/trained/text';
import { voiceOf } from '../../ml/trained/voice';
import type { LabelScore } from '../../ml/trained/scores';
import { soundOf } from './published/output';
import { useEngine } from './engines';
import type { ChosenEngine, EngineChoice } from './engineNames';

export type ModelInput =
  | { readonly kind: 'tabular'; readonly row: Readonly<Record<string, unknown>> }
  | { readonly kind: 'audio'; readonly samples: Float32Array; readonly sampleRate: number }
  | { readonly kind: 'text' | 'graphemes'; readonly text: string }
  | { readonly kind: 'voice'; readonly text: string; readonly parameters: Readonly<Record<string, unknown>> }
  | {
      readonly kind: 'bare';
      readonly values: Readonly<Record<string, TensorInput>>;
      readonly sound?: HeardSound;
    };

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
  readonly values?: readonly PlainOutput[];
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
  /** A model without metadata. */
  readonly bare: BareModel | undefined;
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
  const bare = loaded === undefined ? await loadBare(files) : undefined;
  if (loaded !== undefined) warmUp(loaded.model);
  const run = async (input: ModelInput): Promise<Omit<ModelOutput, 'runMs'>> => {
    if (loaded !== undefined && input.kind === 'tabular') return answerRow(loaded, input.row);
    if (loaded?.metadata.preprocessing.kind === 'speech' && input.kind === 'audio') {
      const { text, words } = await transcribeSpeech(loaded, input.samples, input.sampleRate);
      return { transcript: { text, segments: words } };
    }
    if (loaded !== undefined && input.kind === 'audio')
      return { labels: await classifyAudio(loaded, input.samples, input.sampleRate) };
    if (loaded !== undefined && input.kind === 'text')
      return { labels: (await classifyTexts(loaded, [input.text]))[0] ?? [] };
    if (loaded !== undefined && input.kind === 'graphemes')
      return { words: await phonemizeText(loaded, input.text) };
    if (loaded !== undefined && input.kind === 'voice')
      return { sound: await spoken(loaded, input.text, input.parameters) };
    if (bare !== undefined && input.kind === 'bare') return { values: await answerBare(bare, input) };
    throw new Error(`A ${input.kind} input for another kind of model.`);
  };
  return {
    kind: inputKindOf(loaded?.metadata),
    metadata: loaded?.metadata,
    bare,
    parameters: bare?.parameters ?? loaded?.model.countParams() ?? 0,
    engine,
    loadMs: performance.now() - started,
    run: async (input) => {
      const start = performance.now();
      const output = await run(input);
      return { ...output, runMs: performance.now() - start };
    },
    memory: () => tf.memory().numBytes,
    dispose: () => {
      bare?.dispose();
      if (loaded !== undefined) disposeTrained(loaded);
    },
  };
}

async function spoken(
  loaded: TrainedModel,
  text: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<NonNullable<ModelOutput['sound']>> {
  const voice = voiceOf(loaded);
  const pieces: Float32Array[] = [];
  for await (const piece of voice.speak(text, parameters, { turn: () => tf.nextFrame() })) pieces.push(piece);
  return soundOf(pieces, voice.sampleRate);
}

async function answerBare(
  bare: BareModel,
  { values, sound }: Extract<ModelInput, { kind: 'bare' }>,
): Promise<PlainOutput[]> {
  const outputs =
    sound === undefined ? await runOnValues(bare, values) : await runOnSound(bare, sound, values);
  return outputs.map(plainOutput);
}

/** A recogniser is given a sound as a classifier of sounds is. */
function inputKindOf(metadata: TrainedMetadata | undefined): ModelInput['kind'] {
  const kind = metadata?.preprocessing.kind ?? 'bare';
  return kind === 'speech' || kind === 'encodedSpeech' ? 'audio' : kind;
}

/** What a dimension of any length is warmed up with: enough for layers that make one of several neighbours. */
const someLength = 16;
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
        shape.map((length, i) => length ?? (i === 0 ? 1 : someLength)),
        dtype,
      ),
    );
    model.predict(zeros);
  });
}
