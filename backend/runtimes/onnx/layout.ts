/** The layouts of ONNX models that sherpa-onnx runs: which file is what. Paths are within the model's folder. */
import type { RuntimeTask } from '../../sdk/modelRuntime';

interface Known {
  readonly task: RuntimeTask;
  readonly architecture: string;
  readonly lacks?: string | undefined;
}

/** Piper, as published: the metadata is in the json beside the model. Several may lie in one folder. */
export interface PiperLayout extends Known {
  readonly kind: 'piper';
  readonly model: string;
  /** All that are there, the chosen one among them. */
  readonly voices: readonly string[];
}

export interface MatchaLayout extends Known {
  readonly kind: 'matcha';
  readonly model: string;
  readonly tokens: string;
  readonly vocoder: string;
  /** The metadata that the file itself lacks. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Named as the fields of sherpa-onnx's configuration. */
export type RecogniserModel =
  | { readonly transducer: { readonly encoder: string; readonly decoder: string; readonly joiner: string } }
  | { readonly nemoCtc: { readonly model: string } }
  | { readonly zipformerCtc: { readonly model: string } }
  | { readonly zipformer2Ctc: { readonly model: string } }
  | { readonly wenetCtc: { readonly model: string } };

export interface RecogniserLayout extends Known {
  readonly kind: 'recogniser';
  readonly model: RecogniserModel;
  /** `transducer`, `nemo_transducer` or empty: what sherpa-onnx need not guess. */
  readonly modelType: string;
  readonly tokens: string;
  /** Made to hear a sound as it comes. */
  readonly online: boolean;
  /** What the engine's times are to be multiplied with. */
  readonly timeScale: number;
  /** Width of the features that it takes. */
  readonly features: number;
}

export type Layout = PiperLayout | MatchaLayout | RecogniserLayout;

/** Every ONNX file of it. */
export function modelsOf(layout: Layout): readonly string[] {
  if (layout.kind === 'piper') return [layout.model];
  if (layout.kind === 'matcha') return [layout.model, layout.vocoder];
  return Object.values(layout.model).flatMap((parts: Readonly<Record<string, string>>) =>
    Object.values(parts),
  );
}
