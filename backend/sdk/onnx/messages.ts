/** ONNX's own messages, as far as they describe a model without its weights. Field numbers: onnx/onnx.proto. */
import type { OnnxTensor } from '../../../protocol/model/hubModel';
import { fieldOf, readFields, textOf, type Field } from './wire';

export const modelField = { irVersion: 1, producer: 2, producerVersion: 3, graph: 7, opset: 8, property: 14 };
export const graphField = { node: 1, name: 2, initializer: 5, input: 11, output: 12 };

/** Names of TensorProto.DataType, by number. */
const elementTypes = [
  ...[
    'undefined',
    'float',
    'uint8',
    'int8',
    'uint16',
    'int16',
    'int32',
    'int64',
    'string',
    'bool',
    'float16',
  ],
  ...['double', 'uint32', 'uint64', 'complex64', 'complex128', 'bfloat16'],
];
const mostDimensions = 32;

/** `domain` is empty for ONNX's own operators. */
export function readOpset(
  bytes: Uint8Array,
  { start, end }: Field,
): { domain: string; version: number } | undefined {
  const { fields, whole } = readFields(bytes, start, end);
  const version = fieldOf(fields, 2)?.value;
  if (!whole || version === undefined || version > 1000) return undefined;
  return { domain: textOf(bytes, fieldOf(fields, 1)) ?? '', version };
}

/** A `StringStringEntryProto`. */
export function readPair(bytes: Uint8Array, { start, end }: Field): readonly [string, string] | undefined {
  const { fields, whole } = readFields(bytes, start, end);
  const key = textOf(bytes, fieldOf(fields, 1));
  if (!whole || key === undefined || key === '') return undefined;
  return [key, textOf(bytes, fieldOf(fields, 2)) ?? ''];
}

/** A `ValueInfoProto`; undefined when it is none. */
export function readTensor(bytes: Uint8Array, { start, end }: Field): OnnxTensor | undefined {
  const { fields, whole } = readFields(bytes, start, end);
  const name = textOf(bytes, fieldOf(fields, 1));
  if (!whole || name === undefined || name === '') return undefined;
  const type = fieldOf(fields, 2);
  const tensor = type && within(bytes, type, 1);
  if (tensor === undefined) return { name };
  const inside = readFields(bytes, tensor.start, tensor.end).fields;
  const element = elementTypes[fieldOf(inside, 1)?.value ?? 0];
  const shape = fieldOf(inside, 2);
  return {
    name,
    ...(element === undefined || element === 'undefined' ? {} : { type: element }),
    ...(shape === undefined ? {} : { shape: readShape(bytes, shape) }),
  };
}

function readShape(bytes: Uint8Array, shape: Field): (number | string)[] {
  return readFields(bytes, shape.start, shape.end)
    .fields.filter((field) => field.number === 1)
    .slice(0, mostDimensions)
    .map((dimension) => {
      const { fields } = readFields(bytes, dimension.start, dimension.end);
      const fixed = fieldOf(fields, 1)?.value;
      if (fixed !== undefined && Number.isFinite(fixed)) return fixed;
      return textOf(bytes, fieldOf(fields, 2)) ?? '?';
    });
}

/** Where a `TensorProto` keeps its content, when that is another file. */
export function externalLocation(bytes: Uint8Array, { start, end }: Field): string | undefined {
  for (const field of readFields(bytes, start, end).fields) {
    if (field.number !== 13) continue;
    const pair = readPair(bytes, field);
    if (pair?.[0] === 'location') return pair[1];
  }
  return undefined;
}

function within(bytes: Uint8Array, { start, end, value }: Field, number: number): Field | undefined {
  return value === undefined ? fieldOf(readFields(bytes, start, end).fields, number) : undefined;
}
