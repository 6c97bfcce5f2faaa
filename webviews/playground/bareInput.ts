/** What a model without metadata is given: `{shape, data}` for each input, as `inference/run` takes it. */
import { z } from 'zod';
import { MlError } from '../../ml/errors';
import type { InputShape, ModelOutput } from './model';

const tensor = z.strictObject({
  shape: z.array(z.number().int().nonnegative()),
  data: z.array(z.number()),
});
const parsed = z.union([tensor, z.array(tensor).min(1), z.record(z.string(), tensor)]);

export type BareInputs = readonly {
  readonly shape: number[];
  readonly data: number[];
  readonly dtype: 'float32' | 'int32';
}[];

/** One tensor alone, a list in the order of the inputs, or an object by input name. Throws `input.invalid`. */
export function parseBareInput(json: string, inputs: readonly InputShape[]): BareInputs {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : '';
    throw new MlError('input.invalid', `The input is not valid JSON: ${reason}`, { cause });
  }
  const result = parsed.safeParse(value);
  if (!result.success)
    throw new MlError('input.invalid', 'Each input must be {"shape": [whole numbers], "data": [numbers]}.');
  const given = result.data;
  const list = Array.isArray(given)
    ? given
    : isTensor(given)
      ? [given]
      : inputs.map(({ name }) => given[name]);
  return inputs.map((input, i) => {
    const one = list[i];
    if (one === undefined) throw new MlError('input.invalid', `The input "${input.name}" is missing.`);
    checkShape(input, one.shape, one.data.length);
    return { ...one, dtype: input.dtype === 'int32' ? 'int32' : 'float32' };
  });
}

function isTensor(value: object): value is z.infer<typeof tensor> {
  return tensor.safeParse(value).success;
}

function checkShape({ name, shape }: InputShape, given: readonly number[], length: number): void {
  const product = given.reduce((sum, each) => sum * each, 1);
  if (product !== length)
    throw new MlError(
      'input.invalid',
      `"${name}" says shape [${given.join(', ')}], which is ${product} numbers, but has ${length}.`,
    );
  const fits = given.length === shape.length && shape.every((want, i) => want === null || want === given[i]);
  if (fits) return;
  const wanted = shape.map((each) => each ?? '?').join(', ');
  throw new MlError('input.invalid', `"${name}" takes [${wanted}], but has [${given.join(', ')}].`);
}

/** Zeros of the shapes that the model takes, one example each: something to start editing from. */
export function exampleBareInput(inputs: readonly InputShape[]): string {
  const tensors = inputs.map(({ name, shape }) => {
    const concrete = shape.map((length) => length ?? 1);
    const size = concrete.reduce((product, each) => product * each, 1);
    return [name, { shape: concrete, data: new Array<number>(Math.min(size, 4096)).fill(0) }] as const;
  });
  const [first] = tensors;
  return JSON.stringify(tensors.length === 1 && first !== undefined ? first[1] : Object.fromEntries(tensors));
}

const answered = z.object({ shape: z.array(z.number()), data: z.array(z.number()) });

/** What `inference/run` answers for a bare model: a tensor, or a list of several, in the model's order. */
export function backendTensors(values: unknown): NonNullable<ModelOutput['values']> {
  const list = z.union([answered.transform((one) => [one]), z.array(answered)]).parse(values);
  return list.map((tensor, i) => ({ name: list.length === 1 ? 'output' : `output ${i + 1}`, ...tensor }));
}
