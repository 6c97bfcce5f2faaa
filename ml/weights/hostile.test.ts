/** Weight files that are damaged or meant to harm: each is refused with a clear error before anything is allocated. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  folderOf,
  global,
  pickle,
  pickled,
  pickledDict,
  pickledTensor,
  safetensors,
  torchZip,
  zip,
  type TensorParts,
} from '../../tests/fixtures/weightFiles';
import { MlError } from '../errors';
import { openWeightFile } from './open';

type Files = Readonly<Record<string, Uint8Array>>;

/** Opens and reads everything; the error that this ends in. */
async function refusal(files: Files, name: string): Promise<MlError | undefined> {
  const folder = folderOf(files);
  try {
    const weights = await openWeightFile(folder, name);
    for (const tensor of weights.names()) await weights.read(tensor);
  } catch (error) {
    if (error instanceof MlError) return error;
    throw error;
  } finally {
    const present = Math.max(...Object.values(files).map((bytes) => bytes.byteLength));
    expect(folder.largest).toBeLessThanOrEqual(present);
  }
  return undefined;
}

const f32 = (shape: number[], from: number, to: number) => ({
  dtype: 'F32',
  shape,
  data_offsets: [from, to],
});
const sound = { a: f32([2], 0, 8), b: f32([1], 8, 12) };

describe('a safetensors file', () => {
  it.each<[string, Uint8Array, RegExp]>([
    ['is empty', new Uint8Array(0), /only 0 bytes/],
    ['has a header longer than itself', safetensors(sound, 12, 10_000n), /10000 bytes long/],
    ['has an enormous header', safetensors(sound, 12, 2n ** 63n), /bytes long/],
    ['has a negative length', safetensors(sound, 12, 2n ** 64n - 1n), /bytes long/],
    ['has no header', safetensors('', 12), /0 bytes long/],
    ['has a header that is no JSON', safetensors('{"a":', 12), /not valid JSON/],
    ['has a header that is no object', safetensors('[1,2]'), /no object/],
    ['has a header that is no text', safetensors('{"\ufffd'.slice(0, 2) + '\x01"}', 12), /not valid JSON/],
    ['nests without end', safetensors('['.repeat(100_000)), /too deeply/],
    [
      'names a tensor twice',
      safetensors('{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":1}'),
      /twice/,
    ],
    ['has overlapping tensors', safetensors({ a: f32([2], 0, 8), b: f32([2], 4, 12) }, 12), /overlaps/],
    ['has a hole', safetensors({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12), /belong to no tensor/],
    ['goes on after its tensors', safetensors(sound, 20), /8 bytes at its end/],
    ['ends before its tensors', safetensors(sound, 8), /outside the file/],
    ['has a tensor that ends before it starts', safetensors({ a: f32([1], 8, 4) }, 8), /outside/],
    ['has a negative offset', safetensors({ a: f32([1], -4, 0) }, 8), /outside/],
    ['has a broken offset', safetensors({ a: f32([1], 0.5, 4.5) }, 8), /outside/],
    ['has three offsets', safetensors({ a: { ...f32([1], 0, 4), data_offsets: [0, 4, 8] } }, 8), /outside/],
    ['has a type that nobody knows', safetensors({ a: { ...f32([1], 0, 4), dtype: 'F128' } }, 4), /F128/],
    ['has a type of another kind', safetensors({ a: { ...f32([1], 0, 4), dtype: 7 } }, 4), /unknown: 7/],
    [
      'has a type named like a method',
      safetensors({ a: { ...f32([1], 0, 4), dtype: 'toString' } }, 4),
      /unknown/,
    ],
    [
      'has a shape of too many elements',
      safetensors({ a: f32([2 ** 30, 2 ** 30], 0, 4) }, 4),
      /impossible shape/,
    ],
    ['has a shape that does not fit', safetensors({ a: f32([3], 0, 4) }, 4), /shape and type/],
    ['has a negative size', safetensors({ a: f32([-1], 0, 4) }, 4), /described wrongly/],
    ['has a size written as a text', safetensors({ a: { ...f32([], 0, 4), shape: ['1'] } }, 4), /wrongly/],
    ['has a tensor that is a number', safetensors({ a: 5 }), /described wrongly/],
    ['has metadata that are no texts', safetensors({ __metadata__: { a: 1 } }), /metadata/],
  ])('that %s is corrupt', async (_name, bytes, message) => {
    const error = await refusal({ 'model.safetensors': bytes }, 'model.safetensors');
    expect(error?.code).toBe('model.corrupt');
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toContain('\n');
  });

  it('may name a tensor like an object of JavaScript, which stays as it was', async () => {
    const header =
      '{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"constructor":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}';
    const weights = await openWeightFile(folderOf({ m: safetensors(header, 4) }), 'm');
    expect(weights.names()).toEqual(['__proto__', 'constructor']);
    expect(weights.has('toString')).toBe(false);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['dtype']).toBeUndefined();
  });
});

describe('an index of shards', () => {
  const shard = safetensors(sound, 12);
  const index = (map: object | string): Uint8Array =>
    Buffer.from(typeof map === 'string' ? map : JSON.stringify({ weight_map: map }));

  it.each<[string, Uint8Array, RegExp]>([
    ['leaves its folder', index({ a: '../secret.safetensors' }), /outside its folder/],
    ['names an absolute path', index({ a: '/etc/passwd' }), /outside its folder/],
    ['names a drive', index({ a: 'C:\\weights' }), /outside its folder/],
    ['names a missing file', index({ a: 'none.safetensors' }), /missing/],
    ['names itself', index({ a: 'm.safetensors.index.json' }), /another index/],
    ['names a tensor that is not there', index({ c: 'shard.safetensors' }), /"c" is not in/],
    ['names no files', index('{"weight_map":{"a":1}}'), /no text/],
    ['has no map', index('{}'), /no weight_map/],
    ['is no JSON', index('{'), /not valid JSON/],
    ['has a name twice', index('{"weight_map":{"a":"s","a":"t"}}'), /twice/],
  ])('that %s is corrupt', async (_name, bytes, message) => {
    const files = { 'm.safetensors.index.json': bytes, 'shard.safetensors': shard };
    const error = await refusal(files, 'm.safetensors.index.json');
    expect(error?.code).toBe('model.corrupt');
    expect(error?.message).toMatch(message);
  });
});

const storages = { 0: new Uint8Array(16) };
const model = (body: number[]): Uint8Array => torchZip(pickle(body), storages);
const withTensor = (parts: TensorParts): Uint8Array => model(pickledDict({ a: pickledTensor(parts) }));

describe('a pickle that asks for code to be run', () => {
  it.each<[string, Uint8Array, RegExp]>([
    ['os.system', model([...global('os', 'system'), ...pickled.text('echo'), 0x85, 0x52]), /"os.system"/],
    ['posix.system', model([...global('posix', 'system'), 0x29, 0x52]), /"posix.system"/],
    ['eval', model([...global('builtins', 'eval'), ...pickled.text('1'), 0x85, 0x52]), /"builtins.eval"/],
    ['a name by the stack', model([...pickled.text('os'), ...pickled.text('system'), 0x93]), /"os.system"/],
    ['torch itself', model([...global('torch', 'load'), 0x29, 0x52]), /"torch.load"/],
    ['an object of a class', model([0x28, ...Buffer.from('ios\nsystem\n')]), /INST/],
    ['NEWOBJ', model([...global('collections', 'OrderedDict'), 0x29, 0x81]), /NEWOBJ/],
    ['an extension', model([0x82, 1]), /EXT1/],
    ['a call of a storage', model([...global('torch', 'FloatStorage'), 0x29, 0x52]), /FloatStorage/],
    ['a call of a text', model([...pickled.text('x'), 0x29, 0x52]), /no function/],
    [
      'in a legacy file',
      pickle([...global('os', 'system'), ...pickled.text('x'), 0x85, 0x52]),
      /"os.system"/,
    ],
  ])('(%s) is unsafe', async (_name, bytes, message) => {
    const error = await refusal({ 'pytorch_model.bin': bytes }, 'pytorch_model.bin');
    expect(error?.code).toBe('model.unsafe');
    expect(error?.message).toMatch(message);
  });
});

describe('a PyTorch file', () => {
  const dict = pickledDict({});
  const nested = (() => {
    // Each list holds the one before twice: 2^40 places for one tensor.
    const body = [...pickledTensor(), 0x71, 0];
    for (let i = 0; i < 40; i++) body.push(0x5d, 0x28, 0x68, i, 0x68, i, 0x65, 0x71, i + 1);
    return body;
  })();

  it.each<[string, Uint8Array, RegExp]>([
    ['has an endless pickle', model([0x5d]).slice(0, -30), /zip|end/],
    ['recalls what was never stored', model([0x68, 9]), /no memo 9/],
    ['recalls far outside', model([0x6a, 255, 255, 255, 255]), /no memo 4294967295/],
    ['takes from an empty stack', model([0x85]), /a value is missing/],
    ['has no mark', model([0x74]), /mark is missing/],
    ['has an unknown operation', model([0xff]), /operation 255/],
    ['has a text longer than itself', model([0x58, 255, 255, 255, 255]), /cut short/],
    ['has a number of a gigabyte', model([0x8b, 0, 0, 0, 64]), /a number of/],
    ['calls without arguments', model([...global('collections', 'OrderedDict'), 0x4e, 0x52]), /arguments/],
    ['refers to no storage', model([...pickled.text('x'), 0x51]), /no storage/],
    ['multiplies itself', model(nested), /nested without end/],
    ['holds itself', model([0x5d, 0x71, 0, 0x68, 0, 0x61]), /nested without end/],
    ['lacks a storage', withTensor({ key: '7' }), /lacks the storage "7"/],
    ['names a storage outside', withTensor({ key: '../../data.pkl' }), /lacks the storage/],
    ['has a storage of another length', withTensor({ elements: 5 }), /should hold 5/],
    ['has a tensor outside its storage', withTensor({ offset: 1 }), /reaches out/],
    ['has a negative offset', withTensor({ offset: -1 }), /without its numbers/],
    ['has a negative stride', withTensor({ strides: [-2, 1] }), /without a shape/],
    ['has too few strides', withTensor({ strides: [1] }), /fewer strides/],
    [
      'repeats four numbers for ever',
      withTensor({ shape: [2 ** 30, 2 ** 30], strides: [0, 0] }),
      /too often/,
    ],
    [
      'has a storage of two types',
      model(pickledDict({ a: pickledTensor(), b: pickledTensor({ type: 'IntStorage' }) })),
      /two types/,
    ],
    ['is compressed', zip([{ name: 'm/data.pkl', data: pickle(dict), method: 8 }]), /compressed/],
    ['is encrypted', zip([{ name: 'm/data.pkl', data: pickle(dict), flags: 1 }]), /encrypted/],
    ['has two sizes', zip([{ name: 'm/data.pkl', data: pickle(dict), plain: 2 ** 31 }]), /two sizes/],
    [
      'has an entry larger than itself',
      zip([{ name: 'm/data.pkl', data: pickle(dict), plain: 1e9, packed: 1e9 }]),
      /reaches out/,
    ],
    ['has an entry outside', zip([{ name: 'm/data.pkl', data: pickle(dict), header: 1e9 }]), /outside/],
    [
      'has overlapping entries',
      zip([
        { name: 'm/data.pkl', data: pickle(dict) },
        { name: 'm/data/0', data: pickle(dict), header: 0 },
      ]),
      /overlaps/,
    ],
    ['lists more than it has', zip([{ name: 'm/data.pkl', data: pickle(dict) }], 500), /is missing/],
    [
      'has an entry twice',
      zip([
        { name: 'm/data.pkl', data: pickle(dict) },
        { name: 'm/data.pkl', data: pickle(dict) },
      ]),
      /twice/,
    ],
  ])('that %s is corrupt', async (_name, bytes, message) => {
    const error = await refusal({ 'pytorch_model.bin': bytes }, 'pytorch_model.bin');
    expect(error?.code).toBe('model.corrupt');
    expect(error?.message).toMatch(message);
  });

  it('that never ends is refused after a bounded number of operations', async () => {
    const body = new Array<number>(2_100_000).fill(0x4e);
    const error = await refusal({ 'a.bin': torchZip(pickle(body)) }, 'a.bin');
    expect(error?.message).toMatch(/does not end/);
  });
});

const data = path.resolve(import.meta.dirname, '../../tests/goldens/data/weight_formats');

describe.each(['tensor_zoo.safetensors', 'tensor_zoo.bin', 'tensor_zoo.legacy.bin', 'tensor_nested.bin'])(
  '%s cut short',
  (name) => {
    const bytes = readFileSync(path.join(data, name));

    it('is read when it is whole', async () => {
      expect(await refusal({ [name]: bytes }, name)).toBeUndefined();
    });

    it('is corrupt wherever it ends', async () => {
      for (let length = 0; length < bytes.length; length += 64) {
        const error = await refusal({ [name]: bytes.subarray(0, length) }, name);
        expect(error?.code, `at ${length}`).toBe('model.corrupt');
      }
    });

    it('ends in no other error when a byte is turned over', async () => {
      for (let at = 0; at < bytes.length; at += 3) {
        const damaged = new Uint8Array(bytes);
        damaged[at] = (damaged[at] ?? 0) ^ 0xa5;
        const code = (await refusal({ [name]: damaged }, name))?.code ?? 'model.corrupt';
        expect(['model.corrupt', 'model.unsafe', 'model.unsupported'], `at ${at}`).toContain(code);
      }
    });
  },
);
