/**
 * Reads pickles of weights: Python's stack machine without the part that runs code. Protocols 2 to 5, which torch.save
 * writes (https://docs.python.org/3/library/pickletools.html). Depth, operations and memory are bounded by the input.
 */
import { MlError } from '../errors';
import { callOf, nameOf, persistent } from './pickleNames';
import { PickleDict, PickleList, PickleTuple, type PickleValue } from './pickleValues';

/** A model's own has some ten for each tensor. */
const mostOperations = 2_000_000;
const longestInteger = 16;

/** Thrown when the bytes end before the pickle does: the caller may have more of them. */
export class PickleEnds extends Error {
  constructor() {
    super('the pickle goes on after the bytes given');
  }
}

const mark = Symbol('mark');
type Slot = PickleValue | typeof mark;

const corrupt = (what: string): MlError => new MlError('model.corrupt', `The pickle is damaged: ${what}.`);

class Machine {
  private readonly view: DataView;
  private readonly stack: Slot[] = [];
  private readonly memo = new Map<number, PickleValue>();
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  run(): { value: PickleValue; length: number } {
    for (let count = 0; count < mostOperations; count++) {
      const code = this.byte();
      if (code === 0x2e) return { value: this.pop(), length: this.at };
      const operation = operations.get(code);
      if (operation === undefined) throw refused(code);
      operation(this);
    }
    throw corrupt('it does not end');
  }

  private advance(length: number): number {
    const from = this.at;
    if (length > this.bytes.byteLength - from) throw new PickleEnds();
    this.at += length;
    return from;
  }

  byte(): number {
    return this.view.getUint8(this.advance(1));
  }

  uint16(): number {
    return this.view.getUint16(this.advance(2), true);
  }

  int32(): number {
    return this.view.getInt32(this.advance(4), true);
  }

  uint32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  /** A length of eight bytes. */
  size(): number {
    return Number(this.view.getBigUint64(this.advance(8), true));
  }

  double(): number {
    return this.view.getFloat64(this.advance(8), false);
  }

  text(length: number): string {
    const from = this.advance(length);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
        this.bytes.subarray(from, this.at),
      );
    } catch (error) {
      throw new MlError('model.corrupt', 'The pickle is damaged: a text is not UTF-8.', { cause: error });
    }
  }

  /** To the end of the line, which is left out. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw new PickleEnds();
    const line = this.text(end - this.at);
    this.at = end + 1;
    return line;
  }

  /** Two's complement, little-endian. */
  integer(length: number): number | bigint {
    if (length > longestInteger) throw corrupt(`a number of ${length} bytes`);
    const from = this.advance(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.view.getUint8(from + i));
    const signed = BigInt.asIntN(8 * length, value);
    const number = Number(signed);
    return Number.isSafeInteger(number) ? number : signed;
  }

  push(value: PickleValue): void {
    this.stack.push(value);
  }

  mark(): void {
    this.stack.push(mark);
  }

  pop(): PickleValue {
    const top = this.stack.pop();
    if (top === undefined || top === mark) throw corrupt('a value is missing');
    return top;
  }

  popAny(): void {
    if (this.stack.pop() === undefined) throw corrupt('a value is missing');
  }

  top(): PickleValue {
    const top = this.stack.at(-1);
    if (top === undefined || top === mark) throw corrupt('a value is missing');
    return top;
  }

  /** Everything above the last mark, which goes too. */
  popMarked(): PickleValue[] {
    const at = this.stack.lastIndexOf(mark);
    if (at < 0) throw corrupt('a mark is missing');
    const values = this.stack.splice(at).slice(1);
    return values as PickleValue[];
  }

  popTuple(length: number): void {
    const items: PickleValue[] = [];
    for (let i = 0; i < length; i++) items.unshift(this.pop());
    this.push(new PickleTuple(items));
  }

  store(index: number): void {
    this.memo.set(index, this.top());
  }

  memoize(): void {
    this.store(this.memo.size);
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw corrupt(`there is no memo ${index}`);
    this.push(value);
  }

  append(values: readonly PickleValue[]): void {
    const list = this.top();
    if (!(list instanceof PickleList)) throw corrupt('something is appended to no list');
    for (const value of values) list.items.push(value);
  }

  setItems(values: readonly PickleValue[]): void {
    const dict = this.top();
    if (!(dict instanceof PickleDict) || values.length % 2 !== 0) throw corrupt('no dict to fill');
    for (let i = 0; i < values.length; i += 2) dict.entries.set(values[i] ?? null, values[i + 1] ?? null);
  }

  /** State of an object: an OrderedDict's attributes, such as a state dict's `_metadata`, tell nothing of weights. */
  build(): void {
    this.pop();
    if (!(this.top() instanceof PickleDict)) throw corrupt('state is given to no dict');
  }

  dict(values: readonly PickleValue[]): void {
    this.push(new PickleDict());
    this.setItems(values);
  }

  list(values: readonly PickleValue[]): void {
    this.push(new PickleList());
    this.append(values);
  }

  reduce(): void {
    const given = this.pop();
    this.push(callOf(this.pop(), given));
  }

  stackGlobal(): void {
    const [name, module] = [this.pop(), this.pop()];
    if (typeof name !== 'string' || typeof module !== 'string') throw corrupt('a name that is no text');
    this.push(nameOf(module, name));
  }
}

/** What runs code, makes objects of classes or reaches outside the file. */
const unsafeOperations: ReadonlyMap<number, string> = new Map([
  [0x69, 'INST'],
  [0x6f, 'OBJ'],
  [0x81, 'NEWOBJ'],
  [0x92, 'NEWOBJ_EX'],
  [0x50, 'PERSID'],
  [0x82, 'EXT1'],
  [0x83, 'EXT2'],
  [0x84, 'EXT4'],
  [0x97, 'NEXT_BUFFER'],
]);

function refused(code: number): MlError {
  const name = unsafeOperations.get(code);
  if (name === undefined) return corrupt(`operation ${code} is unknown`);
  return new MlError(
    'model.unsafe',
    `The file makes Python objects (${name}), which weights have no need of. Nothing of it was run; use a safetensors file instead.`,
  );
}

const operations: ReadonlyMap<number, (machine: Machine) => void> = new Map([
  [0x80, (m) => void m.byte()], // PROTO
  [0x95, (m) => void m.size()], // FRAME
  [0x28, (m) => m.mark()], // MARK
  [0x30, (m) => m.popAny()], // POP
  [0x31, (m) => void m.popMarked()], // POP_MARK
  [0x32, (m) => m.push(m.top())], // DUP
  [0x4e, (m) => m.push(null)], // NONE
  [0x88, (m) => m.push(true)], // NEWTRUE
  [0x89, (m) => m.push(false)], // NEWFALSE
  [0x4a, (m) => m.push(m.int32())], // BININT
  [0x4b, (m) => m.push(m.byte())], // BININT1
  [0x4d, (m) => m.push(m.uint16())], // BININT2
  [0x8a, (m) => m.push(m.integer(m.byte()))], // LONG1
  [0x8b, (m) => m.push(m.integer(m.uint32()))], // LONG4
  [0x47, (m) => m.push(m.double())], // BINFLOAT
  [0x58, (m) => m.push(m.text(m.uint32()))], // BINUNICODE
  [0x8c, (m) => m.push(m.text(m.byte()))], // SHORT_BINUNICODE
  [0x8d, (m) => m.push(m.text(m.size()))], // BINUNICODE8
  [0x54, (m) => m.push(m.text(m.uint32()))], // BINSTRING
  [0x55, (m) => m.push(m.text(m.byte()))], // SHORT_BINSTRING
  [0x29, (m) => m.push(new PickleTuple([]))], // EMPTY_TUPLE
  [0x85, (m) => m.popTuple(1)], // TUPLE1
  [0x86, (m) => m.popTuple(2)], // TUPLE2
  [0x87, (m) => m.popTuple(3)], // TUPLE3
  [0x74, (m) => m.push(new PickleTuple(m.popMarked()))], // TUPLE
  [0x5d, (m) => m.list([])], // EMPTY_LIST
  [0x6c, (m) => m.list(m.popMarked())], // LIST
  [0x61, (m) => m.append([m.pop()])], // APPEND
  [0x65, (m) => m.append(m.popMarked())], // APPENDS
  [0x7d, (m) => m.dict([])], // EMPTY_DICT
  [0x64, (m) => m.dict(m.popMarked())], // DICT
  [
    0x73, // SETITEM
    (m) => {
      const value = m.pop();
      m.setItems([m.pop(), value]);
    },
  ],
  [0x75, (m) => m.setItems(m.popMarked())], // SETITEMS
  [0x71, (m) => m.store(m.byte())], // BINPUT
  [0x72, (m) => m.store(m.uint32())], // LONG_BINPUT
  [0x94, (m) => m.memoize()], // MEMOIZE
  [0x68, (m) => m.recall(m.byte())], // BINGET
  [0x6a, (m) => m.recall(m.uint32())], // LONG_BINGET
  [0x63, (m) => m.push(nameOf(m.line(), m.line()))], // GLOBAL
  [0x93, (m) => m.stackGlobal()], // STACK_GLOBAL
  [0x52, (m) => m.reduce()], // REDUCE
  [0x62, (m) => m.build()], // BUILD
  [0x51, (m) => m.push(persistent(m.pop()))], // BINPERSID
]);

/** One pickle at the start of `bytes`, and how long it is. Throws `PickleEnds`, `model.unsafe` or `model.corrupt`. */
export function readPickle(bytes: Uint8Array): { value: PickleValue; length: number } {
  return new Machine(bytes).run();
}
