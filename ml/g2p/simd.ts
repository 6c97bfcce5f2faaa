/**
 * Linear maps on WebAssembly with SIMD: four times as fast as plain JavaScript. One small function, assembled here, as no
 * compiler is part of the build; where the runtime lacks SIMD there is `plainLinear`.
 */
import type { Linear } from './arithmetic';

/** Numbers of an output row that are summed at once: four vectors. */
const columns = 16;
const bytes = 4;
const pageBytes = 65_536;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /** All are places and lengths in bytes, but `rows` and `from`. `toBytes` is a multiple of 64. */
  product(
    x: number,
    rows: number,
    stride: number,
    weights: number,
    from: number,
    toBytes: number,
    bias: number,
    out: number,
  ): void;
}

/** The memory that a network's weights lie in; it lives as long as they do. */
export class SimdMemory {
  private used = 0;

  private constructor(private readonly exports: Exports) {}

  /** Undefined where the runtime has no SIMD. */
  static create(): SimdMemory | undefined {
    if (!WebAssembly.validate(program)) return undefined;
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(program));
    return new SimdMemory(exports as unknown as Exports);
  }

  /** As `plainLinear`. Outputs are padded with zeros to whole vectors. */
  linear(kernel: ArrayLike<number>, to: number, bias: ArrayLike<number> = []): Linear {
    const from = kernel.length / to;
    const padded = Math.ceil(to / columns) * columns;
    const weightsAt = this.reserve(from * padded);
    const biasAt = this.reserve(padded);
    const weights = this.view(weightsAt, from * padded);
    for (let p = 0; p < from; p++) {
      for (let j = 0; j < to; j++) weights[p * padded + j] = kernel[p * to + j] ?? 0;
    }
    this.view(biasAt, padded).set(Array.from(bias));
    const apply = (x: Float64Array, rows: number, stride = from): Float64Array => {
      const before = this.used;
      const [xAt, outAt] = [this.reserve(x.length), this.reserve(rows * padded)];
      this.view(xAt, x.length).set(x);
      this.exports.product(xAt, rows, stride * bytes, weightsAt, from, padded * bytes, biasAt, outAt);
      const out = new Float64Array(rows * to);
      const made = this.view(outAt, rows * padded);
      for (let row = 0; row < rows; row++) out.set(made.subarray(row * padded, row * padded + to), row * to);
      this.used = before;
      return out;
    };
    return { from, to, apply };
  }

  /** A place for so many numbers. Views that were taken before may be void afterwards. */
  private reserve(count: number): number {
    const at = this.used;
    this.used += Math.ceil((count * bytes) / 16) * 16;
    const missing = this.used - this.exports.memory.buffer.byteLength;
    if (missing > 0) this.exports.memory.grow(Math.ceil(missing / pageBytes));
    return at;
  }

  private view(at: number, count: number): Float32Array {
    return new Float32Array(this.exports.memory.buffer, at, count);
  }
}

const unsigned = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
const sized = (content: readonly number[]): number[] => [...unsigned(content.length), ...content];
const section = (id: number, content: readonly number[]): number[] => [id, ...sized(content)];
const named = (name: string): number[] => sized(Array.from(name, (letter) => letter.charCodeAt(0)));

const i32 = 0x7f;
const v128 = 0x7b;
const get = (local: number): number[] => [0x20, local];
const set = (local: number, ...value: number[][]): number[] => [...value.flat(), 0x21, local];
/** Below 64: one byte of a signed number. */
const constant = (value: number): number[] => [0x41, value];
const add = (a: number[], b: number[]): number[] => [...a, ...b, 0x6a];
const subtract = (a: number[], b: number[]): number[] => [...a, ...b, 0x6b];
const greater = (a: number[], b: number[]): number[] => [...a, ...b, 0x4a];
const choose = (yes: number[], no: number[], condition: number[]): number[] => [
  ...yes,
  ...no,
  ...condition,
  0x1b,
];
/** Again as long as the condition holds. */
const loop = (body: number[][], condition: number[]): number[] => [
  0x03,
  0x40,
  ...body.flat(),
  ...condition,
  0x0d,
  0,
  0x0b,
];
const load = (address: number[], offset: number): number[] => [...address, 0xfd, 0x00, 2, offset];
const splat = (address: number[]): number[] => [...address, 0xfd, 0x09, 2, 0];
const store = (address: number[], offset: number, value: number[]): number[] => [
  ...address,
  ...value,
  0xfd,
  0x0b,
  2,
  offset,
];
const addVectors = (a: number[], b: number[]): number[] => [...a, ...b, 0xfd, 0xe4, 0x01];
const multiplyVectors = (a: number[], b: number[]): number[] => [...a, ...b, 0xfd, 0xe6, 0x01];

/** Two rows by sixteen columns at a time, so that each weight that is loaded serves both; a last odd row is taken twice. */
function assemble(): Uint8Array<ArrayBuffer> {
  const [x, rows, stride, weights, from, to, bias, out] = [0, 1, 2, 3, 4, 5, 6, 7];
  const [j, row, row1, target, target1, left, weight, at, at1, rest] = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17];
  const [sums, value, value1, column] = [18, 26, 27, 28];
  const vectors = [0, 1, 2, 3];
  const second = (length: number): number[] =>
    choose(get(length), constant(0), greater(get(left), constant(1)));
  const inner = [
    set(value, splat(get(at))),
    set(value1, splat(get(at1))),
    ...vectors.flatMap((i) => [
      set(column, load(get(weight), 16 * i)),
      set(sums + i, addVectors(get(sums + i), multiplyVectors(get(column), get(value)))),
      set(sums + 4 + i, addVectors(get(sums + 4 + i), multiplyVectors(get(column), get(value1)))),
    ]),
    set(weight, add(get(weight), get(to))),
    set(at, add(get(at), constant(4))),
    set(at1, add(get(at1), constant(4))),
    set(rest, subtract(get(rest), constant(1))),
  ];
  const pair = [
    set(row1, add(get(row), second(stride))),
    set(target1, add(get(target), second(to))),
    ...vectors.flatMap((i) => [
      set(sums + i, load(add(get(bias), get(j)), 16 * i)),
      set(sums + 4 + i, get(sums + i)),
    ]),
    set(weight, add(get(weights), get(j))),
    set(at, get(row)),
    set(at1, get(row1)),
    set(rest, get(from)),
    loop(inner, get(rest)),
    ...vectors.flatMap((i) => [
      store(get(target), 16 * i, get(sums + i)),
      store(get(target1), 16 * i, get(sums + 4 + i)),
    ]),
    set(row, add(get(row), add(get(stride), get(stride)))),
    set(target, add(get(target), add(get(to), get(to)))),
    set(left, subtract(get(left), constant(2))),
  ];
  const block = [
    set(row, get(x)),
    set(target, add(get(out), get(j))),
    set(left, get(rows)),
    loop(pair, greater(get(left), constant(0))),
    set(j, add(get(j), add(constant(32), constant(32)))),
  ];
  const code = [2, 10, i32, 11, v128, ...loop(block, greater(get(to), get(j))), 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 8, ...Array.from({ length: 8 }, () => i32), 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...named('memory'), 2, 0, ...named('product'), 0, 0]),
    ...section(10, [1, ...sized(code)]),
  ]);
}

const program = assemble();
