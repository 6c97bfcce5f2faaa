/** One input of the form, filled in one way. */
import type { AudioParameters } from '../../../ml/bare/soundWindows';
import type { TensorInput } from '../../../ml/bare/inputs';

export interface GivenSound {
  /** Mono, at its own rate. */
  readonly samples: Float32Array;
  readonly sampleRate: number;
  /** Absent for a dropped file. */
  readonly path: string | undefined;
  readonly name: string;
  readonly parameters: AudioParameters;
}

export type Given =
  | { readonly kind: 'tensor'; readonly tensor: TensorInput; readonly words: string }
  | { readonly kind: 'sound'; readonly sound: GivenSound };

export interface InputPart {
  readonly element: HTMLElement;
  /** Throws `input.invalid` while there is nothing to run. */
  read(): Given;
  /** The image's file, for the code that does the same. */
  image?(): string | undefined;
}
