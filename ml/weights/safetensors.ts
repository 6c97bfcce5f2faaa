/**
 * The safetensors format: eight bytes of header length, a JSON header, then the tensors without holes or overlaps.
 * https://github.com/huggingface/safetensors, whose own checks are made here too.
 */
import { MlError } from '../errors';
import { readWithin, type ByteSource } from './byteSource';
import { decodeElements, isStoredType, storedBytes } from './elements';
import { longestHeader } from './limits';
import { parseStrictJson, type StrictJson } from './strictJson';
import { elementCount, weightsOf, type WeightInfo, type Weights } from './weights';

const mostDimensions = 16;

interface Entry extends WeightInfo {
  /** Of the file. */
  readonly start: number;
  readonly end: number;
}

/** Reads the header; the tensors follow when they are asked for. Rejects with `model.corrupt`. */
export async function openSafetensors(source: ByteSource): Promise<Weights> {
  const first = await readWithin(source, 0, 8);
  const length = new DataView(first.buffer, first.byteOffset).getBigUint64(0, true);
  if (length < 2n || length > BigInt(Math.min(longestHeader, source.size - 8))) {
    throw fault(source, `its header would be ${length} bytes long`);
  }
  const data = 8 + Number(length);
  const header = parseStrictJson(await readWithin(source, 8, data), `The header of ${source.name}`);
  if (!(header instanceof Map)) throw fault(source, 'its header is no object');
  const entries = new Map<string, Entry>();
  for (const [name, value] of header) {
    if (name === '__metadata__') checkMetadata(value, source);
    else entries.set(name, entryOf(name, value, data, source));
  }
  checkLayout(entries, data, source);
  return weightsOf(entries, async ({ dtype, start, end }, name) =>
    decodeElements(dtype, await readWithin(source, start, end), name),
  );
}

function fault(source: ByteSource, what: string): MlError {
  return new MlError('model.corrupt', `${source.name} is damaged: ${what}. Download it again.`);
}

function checkMetadata(value: StrictJson, source: ByteSource): void {
  const sound = value instanceof Map && [...value.values()].every((text) => typeof text === 'string');
  if (!sound) throw fault(source, 'its metadata are not texts');
}

const isCount = (value: StrictJson | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

function entryOf(name: string, value: StrictJson, data: number, source: ByteSource): Entry {
  const what = `"${name}" is described wrongly`;
  if (!(value instanceof Map)) throw fault(source, what);
  const [dtype, shape, offsets] = ['dtype', 'shape', 'data_offsets'].map((key) => value.get(key));
  if (typeof dtype !== 'string' || !isStoredType(dtype)) {
    throw fault(source, `the type of "${name}" is unknown: ${JSON.stringify(dtype)}`);
  }
  if (!Array.isArray(shape) || shape.length > mostDimensions || !shape.every(isCount)) {
    throw fault(source, what);
  }
  const [start, end, ...more] = Array.isArray(offsets) ? offsets : [];
  if (!isCount(start) || !isCount(end) || more.length > 0 || start > end || data + end > source.size) {
    throw fault(source, `"${name}" lies outside the file`);
  }
  if (elementCount(shape, name) * storedBytes[dtype] !== end - start) {
    throw fault(source, `"${name}" takes ${end - start} bytes, which its shape and type do not`);
  }
  return { dtype, shape, start: data + start, end: data + end };
}

/** Every byte after the header belongs to exactly one tensor. */
function checkLayout(entries: ReadonlyMap<string, Entry>, data: number, source: ByteSource): void {
  const inOrder = [...entries].sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
  let reached = data;
  for (const [name, { start, end }] of inOrder) {
    if (start < reached) throw fault(source, `"${name}" overlaps another tensor`);
    if (start > reached) throw fault(source, `${start - reached} bytes before "${name}" belong to no tensor`);
    reached = end;
  }
  if (reached !== source.size)
    throw fault(source, `${source.size - reached} bytes at its end belong to no tensor`);
}
