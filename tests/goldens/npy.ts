/** NumPy's .npy files, as far as reference vectors use them: float32 and int32, little-endian, C order. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const types = { '<f4': Float32Array, '<i4': Int32Array } as const;

/** Throws an Error that says what is wrong with `name`. */
export function readNpy(bytes: Uint8Array, name: string): NpyArray {
  const wrong = (what: string): Error => new Error(`${name} is no array that can be read: ${what}.`);
  if (bytes.byteLength < 10 || magic.some((byte, i) => bytes[i] !== byte)) throw wrong('not an npy file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = (bytes[6] ?? 0) >= 2;
  const start = wide ? 12 : 10;
  const end = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  if (end > bytes.byteLength) throw wrong('its header is cut short');
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, end));
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1] ?? '';
  if (descr !== '<f4' && descr !== '<i4') throw wrong(`numbers of type "${descr}"`);
  if (!/'fortran_order':\s*False/.test(header)) throw wrong('not in C order');
  const sizes = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (sizes === undefined) throw wrong('no shape');
  const shape = sizes
    .split(',')
    .map((size) => size.trim())
    .filter((size) => size !== '')
    .map(Number);
  const count = shape.reduce((product, size) => product * size, 1);
  if (!Number.isSafeInteger(count) || end + 4 * count !== bytes.byteLength) {
    throw wrong(`its shape (${shape.join(', ')}) does not fit its size`);
  }
  return { shape, data: new types[descr](new Uint8Array(bytes.subarray(end)).buffer) };
}

export function writeNpy({ shape, data }: NpyArray): Uint8Array {
  const descr = data instanceof Float32Array ? '<f4' : '<i4';
  const sizes = shape.length === 1 ? `${String(shape[0])},` : shape.join(', ');
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // The numbers start at a multiple of 64.
  const length = Math.ceil((10 + header.length + 1) / 64) * 64;
  const bytes = new Uint8Array(length + data.byteLength);
  bytes.set([...magic, 1, 0, (length - 10) & 255, (length - 10) >> 8]);
  bytes.set(new TextEncoder().encode(`${header.padEnd(length - 11)}\n`), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), length);
  return bytes;
}
