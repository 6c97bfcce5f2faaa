/** The WebAssembly backend's memory, and functions of our own that work in it. */
import * as tf from '@tensorflow/tfjs-core';
import { adamFunction, type Adam } from './adam';
import { assembleModule } from './assembler';
import { packFunction, type Pack } from './pack';
import { productFunction, tileBytes, tileColumns, type Product } from './product';

/** What the WebAssembly backend offers beyond the common ones. Views end with the next allocation. */
export interface HeapBackend {
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  disposeData(dataId: tf.DataId): boolean;
  incRef(dataId: tf.DataId): void;
  refCount(dataId: tf.DataId): number;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array | Int32Array | Uint8Array;
  readonly dataIdMap: { get(dataId: tf.DataId): { readonly memoryOffset: number } };
  readonly wasm: Readonly<Record<string, unknown>>;
}

interface Functions {
  readonly product: Product;
  readonly pack: Pack;
  readonly adam: Adam;
}

/** Some runtimes' types leave out what a module is given. */
const Instance = WebAssembly.Instance as unknown as new (
  module: WebAssembly.Module,
  imports: object,
) => { readonly exports: Functions };

export class Heap {
  private constructor(
    readonly backend: HeapBackend,
    readonly run: Functions,
    /** Whether products are added in the instruction that multiplies. */
    readonly isFused: boolean,
  ) {}

  /** Undefined where the runtime has no SIMD. */
  static of(backend: HeapBackend): Heap | undefined {
    const memory = memoryOf(backend);
    if (memory === undefined) return undefined;
    const isShared = !(memory.buffer instanceof ArrayBuffer);
    for (const isFused of [true, false]) {
      const program = assembleModule([productFunction(isFused), packFunction, adamFunction], isShared);
      if (!WebAssembly.validate(program)) continue;
      const { exports } = new Instance(new WebAssembly.Module(program), { env: { memory } });
      return new Heap(backend, exports, isFused);
    }
    return undefined;
  }

  make(shape: number[]): tf.TensorInfo {
    return this.backend.makeOutput(shape, 'float32');
  }

  addressOf({ dataId }: tf.TensorInfo): number {
    return this.backend.dataIdMap.get(dataId).memoryOffset >>> 0;
  }

  /** Its numbers, until something is made. */
  numbers(info: tf.TensorInfo): Float32Array {
    return this.backend.typedArrayFromHeap(info) as Float32Array;
  }

  /**
   * Runs `work` with room that it may use as long as it runs.
   * @param counts of numbers, for each room
   */
  withRoom<T>(counts: readonly number[], work: (...rooms: tf.TensorInfo[]) => T): T {
    const rooms = counts.map((count) => this.make([count]));
    try {
      return work(...rooms);
    } finally {
      for (const { dataId } of rooms) this.backend.disposeData(dataId);
    }
  }
}

/** The types of the runtimes that this is for do not all have it. */
interface WasmMemory {
  readonly buffer: ArrayBufferLike;
}

function isMemory(value: unknown): value is WasmMemory {
  return typeof value === 'object' && value !== null && 'buffer' in value;
}

/** Where the loader of the backend's build keeps it. */
function memoryOf({ wasm }: HeapBackend): WasmMemory | undefined {
  const exported = wasm['asm'] as { readonly memory?: unknown } | undefined;
  return [wasm['wasmMemory'], exported?.memory].find(isMemory);
}

const heaps = new WeakMap<object, Heap>();

/** That of the backend in use; undefined where it is not WebAssembly with SIMD. */
export function heapInUse(): Heap | undefined {
  if (tf.getBackend() !== 'wasm') return undefined;
  const backend = tf.backend();
  const heap = heaps.get(backend) ?? Heap.of(backend as unknown as HeapBackend);
  if (heap !== undefined) heaps.set(backend, heap);
  return heap;
}

/** Numbers that a product needs beside its matrices: a tile, and a row of zeros to add to. */
export const besideProduct = (columns: number): number => tileBytes / 4 + columnsUp(columns);

/** Where they lie. */
export function placeBeside(heap: Heap, room: tf.TensorInfo): { tile: number; zeros: number } {
  heap.numbers(room).fill(0);
  const tile = heap.addressOf(room);
  return { tile, zeros: tile + tileBytes };
}

/** Numbers of a packed matrix. */
export const packedSize = (rows: number, columns: number): number => rows * columnsUp(columns);

const columnsUp = (columns: number): number => Math.ceil(columns / tileColumns) * tileColumns;
