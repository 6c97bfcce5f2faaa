/** Headers of POSIX tar: ustar, with pax records for what does not fit (POSIX.1-2001, "pax Interchange Format"). */
import { StudioError } from '../../../../protocol/wire/errors';

export const blockSize = 512;

export type TarType = 'file' | 'folder' | 'pax' | 'globalPax' | 'longName' | 'other';

export interface TarHeader {
  readonly name: string;
  readonly size: number;
  readonly type: TarType;
  /** Seconds since 1970. */
  readonly mtime: number;
}

const typeFlags: Readonly<Record<string, TarType>> = {
  '\0': 'file',
  '0': 'file',
  '5': 'folder',
  x: 'pax',
  g: 'globalPax',
  L: 'longName',
};
const flags = { file: '0', folder: '5', pax: 'x' } as const;
/** The largest size that eleven octal digits hold. */
const largestPlainSize = 0o77777777777;

/** Bytes from a content's end to the next block. */
export const padding = (size: number): number => (blockSize - (size % blockSize)) % blockSize;

/** The header blocks of one entry, with a pax header before them where name or size need one. */
export function encodeHeader(header: {
  readonly name: string;
  readonly size: number;
  readonly mtime: number;
}): Buffer {
  const { name, size, mtime } = header;
  const records = [
    ...(/^[\x20-\x7e]{1,100}$/.test(name) ? [] : [record('path', name)]),
    ...(size > largestPlainSize ? [record('size', String(size))] : []),
  ];
  const plain = plainHeader({ name, size, mtime, type: 'file' });
  if (records.length === 0) return plain;
  const text = Buffer.concat(records);
  const before = plainHeader({ name: 'pax-header', size: text.length, mtime, type: 'pax' });
  return Buffer.concat([before, text, Buffer.alloc(padding(text.length)), plain]);
}

/** `<length> <key>=<value>\n`, where the length counts itself. */
function record(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length += 1;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

function plainHeader({
  name,
  size,
  mtime,
  type,
}: {
  readonly name: string;
  readonly size: number;
  readonly mtime: number;
  readonly type: keyof typeof flags;
}): Buffer {
  const block = Buffer.alloc(blockSize);
  const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`;
  // A reader that knows no pax gets what fits of the name, in ASCII.
  block.write(name.replace(/[^\x20-\x7e]/g, '_').slice(0, 100), 0, 'latin1');
  block.write(octal(0o644, 8), 100, 'latin1');
  block.write(octal(0, 8), 108, 'latin1');
  block.write(octal(0, 8), 116, 'latin1');
  block.write(octal(size > largestPlainSize ? 0 : size, 12), 124, 'latin1');
  block.write(octal(Math.max(0, Math.floor(mtime)), 12), 136, 'latin1');
  block.write(flags[type], 156, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  block.write(`${checksum(block).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** The sum of the header's bytes with the checksum's own field as spaces. */
function checksum(block: Buffer): number {
  let sum = 0;
  for (let at = 0; at < blockSize; at += 1) sum += at >= 148 && at < 156 ? 0x20 : (block[at] ?? 0);
  return sum;
}

/** Undefined for a block of zeros, which ends an archive. Throws `model.corrupt` for what is no header. */
export function decodeHeader(block: Buffer, archive: string): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  const text = (from: number, length: number): string => {
    const field = block.subarray(from, from + length);
    const end = field.indexOf(0);
    return field.subarray(0, end < 0 ? length : end).toString('utf8');
  };
  if (parseInt(text(148, 8).trim(), 8) !== checksum(block)) {
    throw new StudioError('model.corrupt', `${archive} is damaged, or no tar archive: a header is wrong.`, {
      details: { path: archive },
    });
  }
  const prefix = text(257, 5) === 'ustar' && text(257, 8) !== 'ustar  ' ? text(345, 155) : '';
  const name = text(0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size: number(block.subarray(124, 136)),
    mtime: number(block.subarray(136, 148)),
    type: typeFlags[String.fromCharCode(block[156] ?? 0)] ?? 'other',
  };
}

/** Octal digits, or GNU's binary form. */
function number(field: Buffer): number {
  if (((field[0] ?? 0) & 0x80) === 0)
    return parseInt(field.toString('latin1').replace(/[\0 ]+$/, ''), 8) || 0;
  return field.subarray(1).reduce((value, byte) => value * 256 + byte, 0);
}

/** The records of a pax header. */
export function decodePax(content: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const length = space < 0 ? NaN : Number(content.subarray(at, space).toString('latin1'));
    if (!Number.isSafeInteger(length) || length <= 0) break;
    const text = content.subarray(space + 1, at + length - 1).toString('utf8');
    const equals = text.indexOf('=');
    if (equals > 0) records.set(text.slice(0, equals), text.slice(equals + 1));
    at += length;
  }
  return records;
}
