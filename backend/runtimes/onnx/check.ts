/**
 * Looks through an ONNX file before the engine gets it: the engine ends its process at what it does not like, without
 * a reason that a person could use, and would read whatever file the model names. Field numbers: onnx/onnx.proto.
 */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { MlError } from '../../../ml/errors';
import { graphField, modelField, readPair } from '../../sdk/onnx/messages';
import { fieldOf, readFields, type Field } from '../../sdk/onnx/wire';

const tensorField = { dims: 1, type: 2, raw: 9, external: 13 };
/** Bytes of an element, by TensorProto.DataType; others (strings, packed halves of bytes) are not counted. */
const bytesOf: Readonly<Record<number, number>> = {
  ...{ 1: 4, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 8, 9: 1, 10: 2, 11: 8, 12: 4, 13: 8, 16: 2 },
};
const deepest = 8;
const mostTensors = 200_000;

export interface Checked {
  readonly name: string;
  /** Of the file, to resolve what it refers to. */
  readonly folder: string;
}

/** Throws `model.corrupt` for a damaged file, `model.unsafe` for one that reaches out of its folder. */
export async function checkOnnx(bytes: Uint8Array, { name, folder }: Checked): Promise<void> {
  const top = readFields(bytes);
  const graph = fieldOf(top.fields, modelField.graph);
  const hasVersion = top.fields.some(
    ({ number, value }) => number === modelField.irVersion && value !== undefined,
  );
  if (!top.whole || graph === undefined || graph.value !== undefined || !hasVersion)
    throw new MlError('model.corrupt', `${name} is no ONNX file, or it is cut short or damaged.`);
  const external = new Map<string, number>();
  const walk = { bytes, name, external, tensors: 0 };
  lookThrough(walk, graph, 0);
  for (const [location, end] of external) await checkExternal(location, end, { name, folder });
}

interface Walk {
  readonly bytes: Uint8Array;
  readonly name: string;
  /** The files that are named, and how far into each they are read. */
  readonly external: Map<string, number>;
  tensors: number;
}

const damaged = ({ name }: { name: string }, what: string): MlError =>
  new MlError('model.corrupt', `${name} is damaged: ${what}.`);

/** A GraphProto: its weights, and those in the attributes of its nodes. */
function lookThrough(walk: Walk, graph: Field, depth: number): void {
  if (depth > deepest) throw damaged(walk, 'its graphs lie too deep in one another');
  const { fields, whole } = readFields(walk.bytes, graph.start, graph.end);
  if (!whole) throw damaged(walk, 'its graph breaks off');
  for (const field of fields) {
    if (field.value !== undefined) continue;
    if (field.number === graphField.initializer) lookAtTensor(walk, field);
    if (field.number === graphField.node) lookAtNode(walk, field, depth);
  }
}

function lookAtNode(walk: Walk, node: Field, depth: number): void {
  for (const attribute of readFields(walk.bytes, node.start, node.end).fields) {
    if (attribute.number !== 5 || attribute.value !== undefined) continue;
    for (const inside of readFields(walk.bytes, attribute.start, attribute.end).fields) {
      if (inside.value !== undefined) continue;
      if (inside.number === 5 || inside.number === 10) lookAtTensor(walk, inside);
      if (inside.number === 6 || inside.number === 11) lookThrough(walk, inside, depth + 1);
    }
  }
}

function lookAtTensor(walk: Walk, tensor: Field): void {
  walk.tensors += 1;
  if (walk.tensors > mostTensors) throw damaged(walk, 'it has more weights than any model');
  const { fields, whole } = readFields(walk.bytes, tensor.start, tensor.end);
  if (!whole) throw damaged(walk, 'a weight breaks off');
  const size = sizeOf(walk, fields);
  const pairs = fields.filter(({ number, value }) => number === tensorField.external && value === undefined);
  if (pairs.length > 0) {
    const told = new Map(pairs.map((field) => readPair(walk.bytes, field) ?? ['', '']));
    const location = told.get('location') ?? '';
    const length = Number(told.get('length') ?? size ?? 0);
    const end = Number(told.get('offset') ?? 0) + length;
    if (!Number.isSafeInteger(end) || end < 0)
      throw damaged(walk, 'a weight in another file has no sound place');
    walk.external.set(location, Math.max(end, walk.external.get(location) ?? 0));
    return;
  }
  const raw = fields.find(({ number, value }) => number === tensorField.raw && value === undefined);
  if (raw === undefined || size === undefined) return;
  if (raw.end - raw.start !== size)
    throw damaged(walk, `a weight of ${size} bytes has ${raw.end - raw.start}`);
}

/** Bytes by type and shape; undefined for types that are not counted. */
function sizeOf(walk: Walk, fields: readonly Field[]): number | undefined {
  const type =
    fields.find(({ number, value }) => number === tensorField.type && value !== undefined)?.value ?? 0;
  let size = bytesOf[type];
  if (size === undefined) return undefined;
  for (const { number, value, start, end } of fields) {
    if (number !== tensorField.dims) continue;
    // One by one, or packed into one field.
    for (const dimension of value === undefined ? packed(walk.bytes, start, end) : [value]) size *= dimension;
  }
  if (!Number.isSafeInteger(size)) throw damaged(walk, 'a weight is larger than any memory');
  return size;
}

function packed(bytes: Uint8Array, start: number, end: number): number[] {
  const values: number[] = [];
  for (let at = start, value = 0, scale = 1; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 0x80) {
      values.push(value);
      value = 0;
      scale = 1;
    }
  }
  return values;
}

/** ONNX allows paths below the model's folder alone; a link may still lead out of it. */
async function checkExternal(location: string, end: number, { name, folder }: Checked): Promise<void> {
  const plain = location !== '' && !path.isAbsolute(location) && !/^[a-z]:/i.test(location);
  if (!plain || location.split(/[\\/]/).includes('..'))
    throw new MlError(
      'model.unsafe',
      `${name} keeps weights in "${location.slice(0, 200)}", outside of its folder.`,
    );
  const file = path.join(folder, ...location.split(/[\\/]/));
  const real = await realpath(file).catch(() => undefined);
  if (real === undefined)
    throw new MlError('model.corrupt', `${name} keeps weights in ${location}, which is not there.`);
  const within = path.relative(await realpath(folder), real);
  if (within.startsWith('..') || path.isAbsolute(within))
    throw new MlError(
      'model.unsafe',
      `${name} keeps weights in ${location}, a link that leads out of its folder.`,
    );
  const { size } = await stat(real);
  if (size < end)
    throw new MlError('model.corrupt', `${name} wants ${end} bytes of ${location}, which has ${size}.`);
}

/** The file with properties after those it has: fields of a message may come in any order (protobuf.dev, encoding). */
export function withMetadata(bytes: Uint8Array, metadata: Readonly<Record<string, string>>): Uint8Array[] {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  const field = (number: number, ...content: readonly Uint8Array[]): Uint8Array[] => {
    const length = content.reduce((sum, one) => sum + one.length, 0);
    return [Uint8Array.of(number * 8 + 2, ...varint(length)), ...content];
  };
  return [
    bytes,
    ...Object.entries(metadata).flatMap(([key, value]) =>
      field(modelField.property, ...field(1, text(key)), ...field(2, text(value))),
    ),
  ];
}

function varint(value: number): number[] {
  const low = value % 128;
  return value < 128 ? [low] : [low + 128, ...varint(Math.floor(value / 128))];
}
