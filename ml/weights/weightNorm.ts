import { MlError } from '../errors';
import { toTensor, type Weights, type WeightValues } from './weights';
import type * as tf from '@tensorflow/tfjs-core';

/** The magnitude and the direction of a weight-normed layer, by their old and their new names. */
const namings = [
  ['weight_g', 'weight_v'],
  ['parametrizations.weight.original0', 'parametrizations.weight.original1'],
] as const;

/**
 * `<layer>.weight` with its weight norm folded in: w = g · v / ‖v‖ (Salimans & Kingma 2016), or the plain weight.
 * @param kept the axis that the norm is not taken over (torch's `dim`: 0 for convolutions, 2 for wav2vec2's positions)
 */
export async function foldedWeight(weights: Weights, layer: string, kept: number): Promise<tf.Tensor> {
  return toTensor(await foldedValues(weights, layer, kept));
}

export async function foldedValues(weights: Weights, layer: string, kept: number): Promise<WeightValues> {
  for (const [g, v] of namings) {
    if (weights.has(`${layer}.${g}`) && weights.has(`${layer}.${v}`)) {
      return fold(await weights.read(`${layer}.${g}`), await weights.read(`${layer}.${v}`), layer, kept);
    }
  }
  return weights.read(`${layer}.weight`);
}

function fold(g: WeightValues, v: WeightValues, layer: string, kept: number): WeightValues {
  const groups = v.shape[kept] ?? 0;
  if (g.data.length !== groups || !(v.data instanceof Float32Array)) {
    throw new MlError('model.corrupt', `The weight norm of "${layer}" does not fit its weight.`);
  }
  const inner = v.shape.slice(kept + 1).reduce((product, size) => product * size, 1);
  const squares = new Float64Array(groups);
  for (let i = 0; i < v.data.length; i++) {
    const group = Math.floor(i / inner) % groups;
    squares[group] = (squares[group] ?? 0) + (v.data[i] ?? 0) ** 2;
  }
  const scales = squares.map((square, group) => (g.data[group] ?? 0) / Math.sqrt(square));
  const data = v.data;
  for (let i = 0; i < data.length; i++) {
    data[i] = (data[i] ?? 0) * (scales[Math.floor(i / inner) % groups] ?? 0);
  }
  return { shape: v.shape, data };
}
