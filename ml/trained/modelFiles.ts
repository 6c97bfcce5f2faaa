import * as z from 'zod';
import { MlError } from '../errors';

/** The files of one model's folder, wherever they lie. */
export interface ModelFiles {
  /** `name` is relative, with forward slashes. Undefined when there is no such file. */
  read(name: string): Promise<Uint8Array | undefined>;
}

const dtypeBytes = { float32: 4, int32: 4, bool: 1, complex64: 8 } as const;
const quantizedBytes = { uint8: 1, uint16: 2, float16: 2 } as const;

/** A number of `uint8` or `uint16` stands for `number * scale + min`. */
const quantization = z.discriminatedUnion('dtype', [
  z.looseObject({ dtype: z.enum(['uint8', 'uint16']), min: z.number(), scale: z.number() }),
  z.looseObject({ dtype: z.literal('float16') }),
]);

const weightSpec = z
  .looseObject({
    name: z.string(),
    shape: z.array(z.number().int().nonnegative()),
    dtype: z.enum(['float32', 'int32', 'bool', 'complex64', 'string']),
    quantization: quantization.optional(),
  })
  .refine(
    ({ dtype, quantization: by }) =>
      by === undefined || dtype === 'float32' || (dtype === 'int32' && by.dtype !== 'float16'),
    'a weight of this type cannot be quantized so',
  );
export type WeightSpec = z.infer<typeof weightSpec>;

export const modelJson = z.looseObject({
  format: z.string().optional(),
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(z.looseObject({ paths: z.array(z.string()), weights: z.array(weightSpec) })),
});
export type ModelJson = z.infer<typeof modelJson>;

const corrupt = (message: string, cause?: unknown) => new MlError('model.corrupt', message, { cause });

/** Parses a JSON file of a model's folder. Throws `model.corrupt` that names the file and the field. */
export function parseJson<T>(name: string, bytes: Uint8Array, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw corrupt(`${name} is not valid JSON.`, error);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw corrupt(`${name} is not as it should be: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`);
}

/** Bytes that a weight takes in its file. */
export function weightBytes(spec: WeightSpec): number {
  if (spec.dtype === 'string') {
    throw new MlError('model.unsupported', `The weight "${spec.name}" holds texts; Goya reads numbers.`);
  }
  const size = spec.shape.reduce((product, length) => product * length, 1);
  const each = spec.quantization ? quantizedBytes[spec.quantization.dtype] : dtypeBytes[spec.dtype];
  if (Number.isSafeInteger(size * each)) return size * each;
  throw corrupt(`The weight "${spec.name}" has an impossible shape: ${spec.shape.join(' × ')}.`);
}

/** A manifest is written by others: it may name files of the model's own folder only. */
function checkedName(name: string): string {
  const parts = name.split('/');
  const safe = parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (safe && !/[\\:\0]/.test(name)) return name;
  throw corrupt(`The model names a weights file outside its folder: "${name}".`);
}

/** All weights in the manifest's order as one buffer; its length is what the manifest says, or it throws. */
export async function readWeights(
  files: ModelFiles,
  manifest: ModelJson['weightsManifest'],
): Promise<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for (const group of manifest) {
    const expected = group.weights.reduce((sum, spec) => sum + weightBytes(spec), 0);
    let found = 0;
    for (const name of group.paths.map(checkedName)) {
      const bytes = await files.read(name);
      if (bytes === undefined) throw corrupt(`The model's weights file "${name}" is missing.`);
      parts.push(bytes);
      found += bytes.byteLength;
    }
    if (found === expected) continue;
    throw corrupt(`${group.paths.join(', ')} should hold ${expected} bytes of weights, but holds ${found}.`);
  }
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.byteLength;
  }
  return joined.buffer;
}
