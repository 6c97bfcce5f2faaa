/** The few names that a pickle of weights may use, and what stands for a call of each. Anything else is refused. */
import { MlError } from '../errors';
import type { StoredType } from './elements';
import {
  PickleDict,
  PickleList,
  PickleName,
  PickleStorage,
  PickleTensor,
  PickleTuple,
  type PickleValue,
} from './pickleValues';

/** `torch.FloatStorage` and the like. */
const storageTypes: ReadonlyMap<string, StoredType> = new Map([
  ['torch.DoubleStorage', 'F64'],
  ['torch.FloatStorage', 'F32'],
  ['torch.HalfStorage', 'F16'],
  ['torch.BFloat16Storage', 'BF16'],
  ['torch.LongStorage', 'I64'],
  ['torch.IntStorage', 'I32'],
  ['torch.ShortStorage', 'I16'],
  ['torch.CharStorage', 'I8'],
  ['torch.ByteStorage', 'U8'],
  ['torch.BoolStorage', 'BOOL'],
]);

type Call = (given: readonly PickleValue[]) => PickleValue;

const calls: ReadonlyMap<string, Call> = new Map<string, Call>([
  ['collections.OrderedDict', orderedDict],
  ['torch._utils._rebuild_tensor', tensor],
  ['torch._utils._rebuild_tensor_v2', tensor],
  ['torch._utils._rebuild_parameter', ([value]) => asTensor(value)],
  ['torch.Size', ([sizes]) => (sizes instanceof PickleTuple ? sizes : new PickleTuple([]))],
]);

const corrupt = (what: string): MlError => new MlError('model.corrupt', `The pickle is damaged: ${what}.`);

/** Throws `model.unsafe` for a name that is not one of those above. */
export function nameOf(module: string, name: string): PickleName {
  const full = `${module}.${name}`;
  if (calls.has(full) || storageTypes.has(full)) return new PickleName(full);
  throw unsafe(full);
}

function unsafe(name: string): MlError {
  return new MlError(
    'model.unsafe',
    `The file asks Python to run ${JSON.stringify(name.slice(0, 200))}, which weights have no need of. Nothing of it was run; use a safetensors file instead.`,
  );
}

/** What a call of `callee` would give. */
export function callOf(callee: PickleValue, given: PickleValue): PickleValue {
  const known = callee instanceof PickleName ? calls.get(callee.name) : undefined;
  if (known === undefined)
    throw unsafe(callee instanceof PickleName ? callee.name : 'a value that is no function');
  if (!(given instanceof PickleTuple)) throw corrupt('a call without its arguments');
  return known(given.items);
}

/** A storage as torch.save refers to it: `('storage', type, key, location, elements[, view])`. */
export function persistent(id: PickleValue): PickleStorage {
  const [kind, type, key, , length, view = null] = id instanceof PickleTuple ? id.items : [];
  const dtype = type instanceof PickleName ? storageTypes.get(type.name) : undefined;
  if (kind !== 'storage' || dtype === undefined || typeof key !== 'string' || !isCount(length)) {
    throw corrupt('a reference to no storage');
  }
  if (view !== null)
    throw new MlError('model.unsupported', 'The file holds views of storages, as torch 0.1 wrote.');
  return new PickleStorage(key, dtype, length);
}

const isCount = (value: PickleValue | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

function counts(value: PickleValue | undefined): number[] {
  const items = value instanceof PickleTuple ? value.items : undefined;
  if (items === undefined || items.length > 64 || !items.every(isCount)) {
    throw corrupt('a tensor without a shape');
  }
  return [...items];
}

function tensor([storage, offset, shape, strides]: readonly PickleValue[]): PickleTensor {
  if (!(storage instanceof PickleStorage) || !isCount(offset)) throw corrupt('a tensor without its numbers');
  const [sizes, steps] = [counts(shape), counts(strides)];
  if (sizes.length !== steps.length) throw corrupt('a tensor with fewer strides than sizes');
  checkExtent(storage, offset, sizes, steps);
  return new PickleTensor(storage, offset, sizes, steps);
}

/** An expanded view repeats elements; more of them than this are no weight but an attack on the memory. */
const mostRepeated = 2 ** 20;

function checkExtent(storage: PickleStorage, offset: number, shape: number[], strides: number[]): void {
  let elements = 1;
  let last = offset;
  shape.forEach((size, axis) => {
    elements *= size;
    last += (size - 1) * (strides[axis] ?? 0);
  });
  if (elements === 0) return;
  if (!Number.isSafeInteger(last) || last >= storage.length)
    throw corrupt('a tensor reaches out of its storage');
  if (!(elements <= Math.max(storage.length, mostRepeated)))
    throw corrupt('a tensor repeats its numbers too often');
}

function asTensor(value: PickleValue | undefined): PickleTensor {
  if (value instanceof PickleTensor) return value;
  throw corrupt('a parameter that is no tensor');
}

/** Python calls it with nothing, or with a list of pairs. */
function orderedDict([pairs]: readonly PickleValue[]): PickleDict {
  const dict = new PickleDict();
  if (pairs === undefined) return dict;
  const items = pairs instanceof PickleList || pairs instanceof PickleTuple ? pairs.items : undefined;
  for (const pair of items ?? [null]) {
    const entry = pair instanceof PickleList || pair instanceof PickleTuple ? pair.items : [];
    const [key, value] = entry;
    if (entry.length !== 2 || key === undefined || value === undefined) throw corrupt('a dict of no pairs');
    dict.entries.set(key, value);
  }
  return dict;
}
