import * as tf from '@tensorflow/tfjs-core';
import { MlError } from '../errors';
import { foldedValues } from './weightNorm';
import { toTensor, type Weights, type WeightValues } from './weights';

/** A shape that weights must have; null where any size will do. */
export type Shape = readonly (number | null)[];

/** The tensors that a model holds for its life: read from its weights, checked against its config, freed at once. */
export class ModelTensors {
  private readonly owned = new Set<tf.Tensor>();

  constructor(readonly weights: Weights) {}

  /** Rejects with `model.corrupt` when there is no such tensor, or one of another shape. */
  async take(name: string, shape?: Shape): Promise<tf.Tensor> {
    // Before reading: a wrong shape must not cost the memory of it.
    checkShape(name, this.weights.info(name).shape, shape);
    return this.keep(toTensor(await this.weights.read(name)));
  }

  async takeIfThere(name: string, shape?: Shape): Promise<tf.Tensor | undefined> {
    return this.weights.has(name) ? this.take(name, shape) : undefined;
  }

  /** `<layer>.weight` without its weight norm; `kept` as in `foldedValues`. */
  async takeFolded(layer: string, kept: number, shape?: Shape): Promise<tf.Tensor> {
    const values = await foldedValues(this.weights, layer, kept);
    checkShape(`${layer}.weight`, values.shape, shape);
    return this.keep(toTensor(values));
  }

  /** The numbers themselves, for what is computed outside tf.js. */
  async values(name: string, shape?: Shape): Promise<WeightValues> {
    checkShape(name, this.weights.info(name).shape, shape);
    return this.weights.read(name);
  }

  /** A tensor made from others, such as a transposed one. Inside `tf.tidy` it outlives the tidy. */
  keep<T extends tf.Tensor>(tensor: T): T {
    tf.keep(tensor);
    this.owned.add(tensor);
    return tensor;
  }

  /** Frees one that is no longer needed, such as the stored form of a transposed one. */
  release(tensor: tf.Tensor): void {
    if (this.owned.delete(tensor)) tensor.dispose();
  }

  dispose(): void {
    for (const tensor of this.owned) tensor.dispose();
    this.owned.clear();
  }
}

function checkShape(name: string, found: readonly number[], wanted: Shape | undefined): void {
  if (wanted === undefined) return;
  const fits =
    found.length === wanted.length && wanted.every((size, i) => size === null || size === found[i]);
  if (fits) return;
  const words = (shape: Shape): string => `[${shape.map((size) => size ?? 'any').join(', ')}]`;
  throw new MlError('model.corrupt', `"${name}" is ${words(found)}, but the config wants ${words(wanted)}.`);
}
