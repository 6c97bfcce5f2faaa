/** Just enough of WebAssembly's binary form for small functions: no compiler is part of the build. */

/** Bytes of code. */
export type Code = number[];

const i32 = 0x7f;
const v128 = 0x7b;

/** LEB128. */
const unsigned = (value: number): Code =>
  value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
const sized = (content: Code): Code => [...unsigned(content.length), ...content];
const section = (id: number, content: Code): Code => [id, ...sized(content)];
const named = (name: string): Code => sized(Array.from(name, (letter) => letter.charCodeAt(0)));
const simd = (operation: number): Code => [0xfd, ...unsigned(operation)];

export const get = (local: number): Code => [0x20, local];
export const set = (local: number, ...value: Code[]): Code => [...value.flat(), 0x21, local];
/** From −64 to 63. */
export const constant = (value: number): Code => [0x41, value & 127];
export const add = (a: Code, b: Code): Code => [...a, ...b, 0x6a];
export const subtract = (a: Code, b: Code): Code => [...a, ...b, 0x6b];
export const times = (a: Code, b: Code): Code => [...a, ...b, 0x6c];
export const greater = (a: Code, b: Code): Code => [...a, ...b, 0x4a];
export const choose = (yes: Code, no: Code, condition: Code): Code => [...yes, ...no, ...condition, 0x1b];
export const when = (condition: Code, yes: Code[], no: Code[] = []): Code => [
  ...condition,
  0x04,
  0x40,
  ...yes.flat(),
  ...(no.length === 0 ? [] : [0x05, ...no.flat()]),
  0x0b,
];
/** Again as long as the condition holds. */
export const loop = (body: Code[], condition: Code): Code => [
  0x03,
  0x40,
  ...body.flat(),
  ...condition,
  0x0d,
  0,
  0x0b,
];

export const loadNumber = (address: Code): Code => [...address, 0x2a, 2, 0];
export const storeNumber = (address: Code, value: Code): Code => [...address, ...value, 0x38, 2, 0];
export const load = (address: Code, offset = 0): Code => [...address, ...simd(0x00), 2, ...unsigned(offset)];
export const store = (address: Code, offset: number, value: Code): Code => [
  ...address,
  ...value,
  ...simd(0x0b),
  2,
  ...unsigned(offset),
];
/** A vector of zeros. */
export const zero: Code = [...simd(0x0c), ...Array.from({ length: 16 }, () => 0)];
/** A number in all four places. */
export const splat = (address: Code): Code => [...address, ...simd(0x09), 2, 0];
export const addVectors = (a: Code, b: Code): Code => [...a, ...b, ...simd(0xe4)];
export const multiplyVectors = (a: Code, b: Code): Code => [...a, ...b, ...simd(0xe6)];
export const subtractVectors = (a: Code, b: Code): Code => [...a, ...b, ...simd(0xe5)];
export const divideVectors = (a: Code, b: Code): Code => [...a, ...b, ...simd(0xe7)];
export const root = (a: Code): Code => [...a, ...simd(0xe3)];
/** a · b + c in one instruction, of the proposal "relaxed SIMD". */
export const multiplyAdd = (a: Code, b: Code, c: Code): Code => [...a, ...b, ...c, ...simd(0x105)];

export interface WasmFunction {
  readonly name: string;
  /** All of them `i32`; it answers nothing. */
  readonly parameters: number;
  /** Their numbers follow those of the parameters. */
  readonly locals: { readonly i32: number; readonly v128: number };
  readonly body: Code;
}

/** A module of functions that work on a memory, `env.memory`, which it is given. */
export function assembleModule(
  functions: readonly WasmFunction[],
  isShared: boolean,
): Uint8Array<ArrayBuffer> {
  const count = functions.length;
  const type = ({ parameters }: WasmFunction): Code => [
    0x60,
    parameters,
    ...Array.from({ length: parameters }, () => i32),
    0,
  ];
  const code = ({ locals, body }: WasmFunction): Code =>
    sized([2, ...unsigned(locals.i32), i32, ...unsigned(locals.v128), v128, ...body, 0x0b]);
  // What is shared has a bound: 4 GiB.
  const limits = isShared ? [3, 0, ...unsigned(65_536)] : [0, 0];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [count, ...functions.flatMap(type)]),
    ...section(2, [1, ...named('env'), ...named('memory'), 2, ...limits]),
    ...section(3, [count, ...functions.map((_, i) => i)]),
    ...section(7, [count, ...functions.flatMap(({ name }, i) => [...named(name), 0, i])]),
    ...section(10, [count, ...functions.flatMap(code)]),
  ]);
}
