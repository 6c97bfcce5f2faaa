/** Runs a tf.js layers model that says nothing about itself: tensors in, tensors out. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { z } from 'zod';
import { MlError } from '../../ml/errors';

const tensorValue = z.object({
  shape: z.array(z.number().int().nonnegative()),
  data: z.array(z.number()),
});
export type TensorValue = z.infer<typeof tensorValue>;

/** `{shape, data}` for one input; for several a list in their order, or an object by their names. */
export async function runBare(model: LayersModel, values: unknown): Promise<TensorValue | TensorValue[]> {
  const inputs = inputsOf(model, values);
  const outputs = tf.tidy(() => {
    const tensors = inputs.map(({ shape, data }, i) => {
      const type = model.inputs[i]?.dtype === 'int32' ? 'int32' : 'float32';
      return tf.tensor(data, shape, type);
    });
    const answer = model.predict(tensors.length === 1 && tensors[0] !== undefined ? tensors[0] : tensors);
    return Array.isArray(answer) ? answer : [answer];
  });
  const results = await Promise.all(
    outputs.map(async (one) => ({ shape: one.shape, data: [...(await one.data())] })),
  );
  tf.dispose(outputs);
  return results.length === 1 && results[0] !== undefined ? results[0] : results;
}

function inputsOf(model: LayersModel, values: unknown): TensorValue[] {
  const names = model.inputs.map((input) => input.name.split('/')[0] ?? input.name);
  const single = tensorValue.safeParse(values);
  const list = single.success ? [single.data] : named(names, values);
  if (list.length !== names.length) {
    throw new MlError(
      'input.invalid',
      `The model takes ${names.length} inputs (${names.join(', ')}), but got ${list.length}.`,
    );
  }
  return list.map((given, i) => checked(given, names[i] ?? '', model.inputs[i]?.shape ?? []));
}

function named(names: readonly string[], values: unknown): unknown[] {
  if (Array.isArray(values)) return values;
  if (typeof values === 'object' && values !== null) {
    const record = values as Record<string, unknown>;
    return names.map((name) => record[name]).filter((value) => value !== undefined);
  }
  return [];
}

function checked(given: unknown, name: string, shape: readonly (number | null)[]): TensorValue {
  const wanted = `[${shape.map((size) => size ?? 'any').join(', ')}]`;
  const parsed = tensorValue.safeParse(given);
  if (!parsed.success) {
    throw new MlError('input.invalid', `The input "${name}" needs {shape, data} with a shape of ${wanted}.`);
  }
  const { shape: got, data } = parsed.data;
  const fits = got.length === shape.length && shape.every((size, i) => size === null || size === got[i]);
  if (!fits)
    throw new MlError(
      'input.invalid',
      `The input "${name}" has shape [${got.join(', ')}], but needs ${wanted}.`,
    );
  const size = got.reduce((product, each) => product * each, 1);
  if (data.length === size) return parsed.data;
  throw new MlError(
    'input.invalid',
    `The input "${name}" of shape [${got.join(', ')}] needs ${size} numbers, but has ${data.length}.`,
  );
}
