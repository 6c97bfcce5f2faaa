/** What torch.save writes: a zip file since torch 1.6, before that five pickles followed by the numbers. */
import { MlError } from '../errors';
import { readWithin, type ByteSource } from './byteSource';
import { storedBytes } from './elements';
import { PickleEnds, readPickle } from './pickle';
import {
  PickleDict,
  PickleList,
  type PickleStorage,
  type PickleTensor,
  type PickleValue,
} from './pickleValues';
import { namedTensors } from './stateDict';
import { readView } from './strided';
import { weightsOf, type Weights } from './weights';
import { openZip, type ZipEntry } from './zip';

/** A model's own is some kilobytes. */
const longestPickle = 64 * 1024 * 1024;
const firstWindow = 256 * 1024;
/** What legacy files begin with, as a number. */
const legacyMagic = 0x1950a86a20f9469cfc6cn;

const corrupt = (source: ByteSource, what: string): MlError =>
  new MlError('model.corrupt', `${source.name} is damaged: ${what}. Download it again.`);

/** Where the bytes of each storage lie, by key. */
type Places = (storage: PickleStorage) => ZipEntry;

export async function openTorchZip(source: ByteSource): Promise<Weights> {
  const entries = await openZip(source);
  const pickles = [...entries.keys()].filter((name) => /^(?:[^/]*\/)?data\.pkl$/.test(name));
  const [main = '', ...more] = pickles;
  const entry = entries.get(main);
  if (entry === undefined || more.length > 0) {
    throw new MlError('model.unsupported', `${source.name} is a zip file, but none that torch.save wrote.`);
  }
  const root = main.slice(0, -'data.pkl'.length);
  await checkOrder(source, entries.get(`${root}byteorder`));
  if (entry.end - entry.start > longestPickle) throw corrupt(source, 'its pickle is too long for weights');
  const { value } = readWhole(source, await readWithin(source, entry.start, entry.end));
  return viewsOf(source, value, (storage) => {
    const place = entries.get(`${root}data/${storage.key}`);
    if (place === undefined) throw corrupt(source, `it lacks the storage "${storage.key}"`);
    return place;
  });
}

async function checkOrder(source: ByteSource, entry: ZipEntry | undefined): Promise<void> {
  if (entry === undefined) return;
  const order = new TextDecoder().decode(
    await readWithin(source, entry.start, Math.min(entry.end, entry.start + 16)),
  );
  if (order.trim() !== 'little') {
    throw new MlError('model.unsupported', `${source.name} was written by a big-endian machine.`);
  }
}

function readWhole(source: ByteSource, bytes: Uint8Array): ReturnType<typeof readPickle> {
  try {
    return readPickle(bytes);
  } catch (error) {
    if (error instanceof PickleEnds) throw corrupt(source, 'its pickle is cut short');
    throw error;
  }
}

function viewsOf(source: ByteSource, value: PickleValue, place: Places): Weights {
  const tensors = namedTensors(value, source.name);
  for (const { storage } of tensors.values()) {
    const { start, end } = place(storage);
    if (storage.length * storedBytes[storage.dtype] === end - start) continue;
    throw corrupt(
      source,
      `the storage "${storage.key}" should hold ${storage.length} numbers, but has ${end - start} bytes`,
    );
  }
  const entries = new Map(
    [...tensors].map(([name, tensor]) => [
      name,
      { dtype: tensor.storage.dtype, shape: tensor.shape, tensor },
    ]),
  );
  return weightsOf(entries, ({ tensor }, name) => {
    return readView(source, place(tensor.storage).start, tensor, name);
  });
}

/** Reads pickles one after the other, fetching more of the file only as far as they go. */
class PickleReader {
  at = 0;

  constructor(private readonly source: ByteSource) {}

  async next(): Promise<PickleValue> {
    for (let window = firstWindow; ; window *= 4) {
      const end = Math.min(this.source.size, this.at + window);
      try {
        const { value, length } = readPickle(await readWithin(this.source, this.at, end));
        this.at += length;
        return value;
      } catch (error) {
        if (!(error instanceof PickleEnds)) throw error;
        if (end === this.source.size || window > longestPickle) {
          throw corrupt(this.source, 'one of its pickles is cut short');
        }
      }
    }
  }
}

export async function openTorchLegacy(source: ByteSource): Promise<Weights> {
  const reader = new PickleReader(source);
  if ((await reader.next()) !== legacyMagic) {
    throw new MlError('model.unsupported', `${source.name} is a pickle, but none that torch.save wrote.`);
  }
  if ((await reader.next()) !== 1001) throw corrupt(source, 'its version is unknown');
  const system = await reader.next();
  if (!(system instanceof PickleDict) || system.entries.get('little_endian') !== true) {
    throw new MlError('model.unsupported', `${source.name} was written by a big-endian machine.`);
  }
  const value = await reader.next();
  const keys = await reader.next();
  const places = await legacyPlaces(source, keys, reader.at, storagesOf(value, source));
  return viewsOf(source, value, (storage) => {
    const place = places.get(storage.key);
    if (place === undefined) throw corrupt(source, `it lacks the storage "${storage.key}"`);
    return place;
  });
}

function storagesOf(value: PickleValue, source: ByteSource): Map<string, PickleStorage> {
  const tensors: Iterable<PickleTensor> = namedTensors(value, source.name).values();
  return new Map([...tensors].map(({ storage }) => [storage.key, storage]));
}

/** Each storage is its number of elements in eight bytes, then the elements. */
async function legacyPlaces(
  source: ByteSource,
  keys: PickleValue,
  start: number,
  storages: ReadonlyMap<string, PickleStorage>,
): Promise<Map<string, ZipEntry>> {
  if (!(keys instanceof PickleList)) throw corrupt(source, 'its list of storages is missing');
  const places = new Map<string, ZipEntry>();
  let at = start;
  for (const key of keys.items) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (storage === undefined || places.has(storage.key)) throw corrupt(source, 'a storage has no type');
    const head = await readWithin(source, at, at + 8);
    const length = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true);
    if (length !== BigInt(storage.length))
      throw corrupt(source, `the storage "${storage.key}" has two lengths`);
    const end = at + 8 + storage.length * storedBytes[storage.dtype];
    if (end > source.size) throw corrupt(source, `the storage "${storage.key}" is cut short`);
    places.set(storage.key, { start: at + 8, end });
    at = end;
  }
  return places;
}
