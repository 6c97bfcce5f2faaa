/** A tf.js model that says nothing about itself but its tensors: a layers model or a graph. */
import type { Tensor } from '@tensorflow/tfjs-core';

export interface TensorSpec {
  readonly name: string;
  /** null where any length goes (the batch); undefined where not even the rank is told. */
  readonly shape: readonly (number | null)[] | undefined;
  /** TensorFlow.js's name, or the file's own for a type that it does not have. */
  readonly dtype: string;
}

export interface BareModel {
  readonly format: 'layers' | 'graph';
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly parameters: number;
  /** What comes out decides what runs next: the answer comes asynchronously. */
  readonly dynamic: boolean;
  /**
   * One tensor for each of `inputs`, in their order; they stay the caller's, and so are the outputs.
   * Rejects with `model.unsupported` for what the engine has no kernel for, else with `input.invalid`.
   */
  predict(inputs: readonly Tensor[]): Promise<Tensor[]>;
  dispose(): void;
}

/** `[?, 224, 224, 3]` */
export function shapeWords(shape: TensorSpec['shape']): string {
  return shape === undefined ? '[…]' : `[${shape.map((length) => length ?? '?').join(', ')}]`;
}
