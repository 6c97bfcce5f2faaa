/** `{shape, data}` for each input of a bare model is checked: no tensors here, so that a form can do it. */
import * as z from 'zod';
import { MlError } from '../errors';
import { shapeWords, type TensorSpec } from './bareModel';

const number = z.union([z.number(), z.boolean()]).transform(Number);
const tensorValue = z.object({
  shape: z.array(z.number().int().nonnegative()),
  data: z.array(number),
});

export interface TensorInput {
  readonly shape: readonly number[];
  readonly data: readonly number[] | Float32Array;
}

/** One input alone, a list in their order, or an object by their names. Throws `input.invalid`. */
export function readInputs(specs: readonly TensorSpec[], values: unknown): TensorInput[] {
  const names = specs.map(({ name }) => name);
  const single = specs.length === 1 && tensorValue.safeParse(values).success;
  const list = single ? [values] : Array.isArray(values) ? (values as unknown[]) : byName(names, values);
  if (list.length !== names.length) {
    const missing = Array.isArray(values) ? [] : names.filter((name) => !hasName(values, name));
    throw invalid(
      `The model takes ${names.length} inputs (${names.join(', ')}), but got ${list.length}${missing.length > 0 && list.length > 0 ? `; missing: ${missing.join(', ')}` : ''}.`,
    );
  }
  return list.map((given, i) => checkInput(specs[i] as TensorSpec, given));
}

function hasName(values: unknown, name: string): boolean {
  return typeof values === 'object' && values !== null && Object.hasOwn(values, name);
}

function byName(names: readonly string[], values: unknown): unknown[] {
  if (typeof values !== 'object' || values === null) return [];
  const unknown = Object.keys(values).find((name) => !names.includes(name));
  if (unknown !== undefined && unknown !== 'shape' && unknown !== 'data') {
    throw invalid(`The model has no input "${unknown}"; its inputs are ${names.join(', ')}.`);
  }
  const record = values as Record<string, unknown>;
  return names.filter((name) => hasName(values, name)).map((name) => record[name]);
}

/** Throws `input.invalid` for another shape or numbers that do not fit, `model.unsupported` for a type that numbers cannot fill. */
export function checkInput(spec: TensorSpec, given: unknown): TensorInput {
  const { name, shape, dtype } = spec;
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
    throw new MlError(
      'model.unsupported',
      `The input "${name}" is of type ${dtype}; Goya hands over numbers.`,
    );
  }
  const wanted = shapeWords(shape);
  const parsed = typedInput(given) ?? tensorValue.safeParse(given);
  if (!parsed.success) throw invalid(`The input "${name}" needs {shape, data} with a shape of ${wanted}.`);
  const { shape: got, data } = parsed.data;
  if (!fits(shape, got))
    throw invalid(`The input "${name}" has shape [${got.join(', ')}], but needs ${wanted}.`);
  const size = got.reduce((product, each) => product * each, 1);
  if (data.length !== size) {
    const has = `[${got.join(', ')}] needs ${size} numbers, but has ${data.length}`;
    throw invalid(`The input "${name}" of shape ${has}.`);
  }
  checkNumbers(spec, data);
  return parsed.data;
}

export function fits(wanted: TensorSpec['shape'], got: readonly number[]): boolean {
  if (wanted === undefined) return true;
  return wanted.length === got.length && wanted.every((length, i) => length === null || length === got[i]);
}

/** Numbers of our own making need no second look, and there may be many. */
function typedInput(given: unknown): { success: true; data: TensorInput } | undefined {
  const { shape, data } = (given ?? {}) as Partial<TensorInput>;
  if (!(data instanceof Float32Array) || !Array.isArray(shape)) return undefined;
  return { success: true, data: { shape: shape as number[], data } };
}

/** TensorFlow.js would cut 1.5 down to 1 and let 3 000 000 000 overflow without a word. */
function checkNumbers({ name, dtype }: TensorSpec, data: TensorInput['data']): void {
  const whole = (value: number): boolean => Number.isInteger(value) && Math.abs(value) <= 2 ** 31 - 1;
  const wrong =
    dtype === 'int32'
      ? data.find((value) => !whole(value))
      : dtype === 'bool'
        ? data.find((value) => value !== 0 && value !== 1)
        : undefined;
  if (wrong === undefined) return;
  const needs = dtype === 'int32' ? 'whole numbers of 32 bits' : '0 and 1, or false and true';
  throw invalid(`The input "${name}" is of type ${dtype} and needs ${needs}, but has ${wrong}.`);
}

function invalid(message: string): MlError {
  return new MlError('input.invalid', message);
}
