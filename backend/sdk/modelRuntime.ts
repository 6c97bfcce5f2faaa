/**
 * The contract of a runtime: one folder, `backend/runtimes/<id>/`, whose `index.ts` exports it as default. It runs models
 * that Goya's own families do not. `detect` is asked in the backend's main process, of folders on disk and of the hub's
 * listings alike, and may load no engine; what runs a model sits behind `load()`, which only the inference process calls:
 * it can be killed, and its memory is given back with it.
 */
import type { PublishedListener } from '../../ml/published/listener';
import type { PublishedVoice } from '../../ml/published/voice';
import type { OnnxMetadata, RunsHere } from '../../protocol/model/hubModel';

/** A model's files, on disk or on the hub. */
export interface ModelFiles {
  readonly files: readonly { readonly path: string; readonly size: number }[];
  /** A small file, parsed; undefined when it is not there, or no JSON. */
  readJson(path: string): Promise<unknown>;
  /** What an ONNX file says of itself; undefined when it is none, or cannot be had. */
  onnx(path: string): Promise<OnnxMetadata | undefined>;
}

export type RuntimeTask = 'text-to-speech' | 'automatic-speech-recognition';

/** A model that the runtime knows. */
export interface Detected {
  readonly task: RuntimeTask;
  /** As the library shows it. */
  readonly architecture: string;
  /** What it must have and has not, for people; undefined where it can be run. */
  readonly lacks?: string | undefined;
}

/** Where the engine is, and what a model may take. */
export interface RuntimeContext {
  /** The engine's folder. */
  readonly engine: string;
  readonly threads: number;
  /** Said before the engine is handed a model: what dies then is told to have died of it. */
  readonly entering: (what: 'open' | 'run') => void;
}

/** As Goya's own families answer: whoever asks need not know which it is. */
export type OpenModel = PublishedVoice | PublishedListener;

/** What `load()` answers. */
export interface RuntimeModule {
  /**
   * `folder` is absolute; `parameters` those of the request, of which some choose what is loaded. Throws `MlError`s:
   * `model.corrupt`, `model.unsafe`, `model.unsupported` with a reason.
   */
  open(folder: string, files: ModelFiles, parameters: unknown, context: RuntimeContext): Promise<OpenModel>;
  /** Same for requests that the open model can answer too. */
  keyOf(parameters: unknown): string;
}

export interface ModelRuntime {
  readonly title: string;
  /** Which of `engines/install` it needs. */
  readonly engine: 'onnx';
  detect(files: ModelFiles): Promise<Detected | undefined>;
  load(): Promise<RuntimeModule>;
}

export function defineModelRuntime(runtime: ModelRuntime): ModelRuntime {
  return runtime;
}

/** What is told of a model that a runtime knows. */
export interface RuntimeVerdict {
  readonly architecture: string;
  readonly task: RuntimeTask;
  readonly runsHere: RunsHere;
}

/** Undefined for a model that no runtime knows. */
export type RuntimeJudge = (files: ModelFiles) => Promise<RuntimeVerdict | undefined>;
