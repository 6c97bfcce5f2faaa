/** A TensorFlow graph as the converter writes it: protobuf in its JSON form. */
import * as z from 'zod';

export const nodeDef = z.looseObject({
  name: z.string().min(1),
  op: z.string().min(1),
  /** `node`, `node:2` for its third output, `^node` for what only has to run before. */
  input: z.array(z.string()).nullish(),
  attr: z.record(z.string(), z.unknown()).nullish(),
});
export type NodeDef = z.infer<typeof nodeDef>;

const argument = z.looseObject({ name: z.string().min(1) });

export const functionDef = z.looseObject({
  signature: z.looseObject({
    name: z.string().min(1),
    inputArg: z.array(argument).nullish(),
    outputArg: z.array(argument).nullish(),
  }),
  nodeDef: z.array(nodeDef).nullish(),
  ret: z.record(z.string(), z.string()).nullish(),
});
export type FunctionDef = z.infer<typeof functionDef>;

export const graphDef = z.looseObject({
  node: z.array(nodeDef).min(1),
  library: z.looseObject({ function: z.array(functionDef).nullish() }).nullish(),
  versions: z.looseObject({}).nullish(),
});
export type GraphDef = z.infer<typeof graphDef>;

/** int64 comes as text. -1, and whatever else is no size, is any length. */
const dimension = z
  .looseObject({ size: z.union([z.string(), z.number()]).optional() })
  .transform(({ size }) => {
    const length = Number(size ?? 0);
    return Number.isSafeInteger(length) && length >= 0 ? length : null;
  });

export const tensorShape = z.looseObject({
  dim: z.array(dimension).nullish(),
  unknownRank: z.boolean().nullish(),
});

export const signatureEntry = z.looseObject({
  name: z.string().min(1),
  dtype: z.union([z.string(), z.number()]).nullish(),
  tensorShape: tensorShape.nullish(),
  /** Of a table that the graph fills itself: no input of a person's. */
  resourceId: z.union([z.string(), z.number()]).nullish(),
});
export type SignatureEntry = z.infer<typeof signatureEntry>;

const entries = z.record(z.string(), signatureEntry).nullish();
export const signature = z.looseObject({ inputs: entries, outputs: entries });
export type Signature = z.infer<typeof signature>;

/** By name or by number, as tensorflow/core/framework/types.proto has them. */
const dtypes: readonly (readonly [string, number, string])[] = [
  ['DT_FLOAT', 1, 'float32'],
  ['DT_DOUBLE', 2, 'float32'],
  ['DT_HALF', 19, 'float32'],
  ['DT_INT32', 3, 'int32'],
  ['DT_INT64', 9, 'int32'],
  ['DT_UINT8', 4, 'int32'],
  ['DT_INT8', 6, 'int32'],
  ['DT_INT16', 5, 'int32'],
  ['DT_BOOL', 10, 'bool'],
  ['DT_STRING', 7, 'string'],
  ['DT_COMPLEX64', 8, 'complex64'],
];

/** TensorFlow.js's name of a type; the file's own for one that it has none for. */
export function dtypeOf(type: string | number | null | undefined): string {
  if (type === undefined || type === null) return 'float32';
  return dtypes.find(([name, number]) => name === type || number === type)?.[2] ?? String(type);
}

/** Undefined where the rank is not told. */
export function shapeOf(
  shape: z.infer<typeof tensorShape> | null | undefined,
): readonly (number | null)[] | undefined {
  if (shape === undefined || shape === null || shape.unknownRank === true) return undefined;
  return shape.dim ?? [];
}
