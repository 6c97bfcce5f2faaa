/**
 * The zip files that torch.save writes: entries are stored, not compressed. Everything else that a zip may be is
 * refused: compressed entries could unpack to any size, overlapping ones could share bytes. With zip64.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import { MlError } from '../errors';
import { readWithin, type ByteSource } from './byteSource';

/** Where the bytes of an entry lie in the file. */
export interface ZipEntry {
  readonly start: number;
  readonly end: number;
}

interface Listed {
  readonly name: string;
  readonly size: number;
  readonly header: number;
}

const mostEntries = 200_000;
const longestDirectory = 64 * 1024 * 1024;
const endSize = 22;
const locatorSize = 20;
const none32 = 0xffff_ffff;
const none16 = 0xffff;

const fault = (source: ByteSource, what: string): MlError =>
  new MlError('model.corrupt', `${source.name} is a damaged zip file: ${what}. Download it again.`);

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Entries by name. Rejects with `model.corrupt`. */
export async function openZip(source: ByteSource): Promise<Map<string, ZipEntry>> {
  const { start, end, count } = await findDirectory(source);
  const listed = readDirectory(await readWithin(source, start, end), count, source);
  listed.sort((a, b) => a.header - b.header);
  const entries = new Map<string, ZipEntry>();
  let reached = 0;
  for (const one of listed) {
    if (one.header < reached) throw fault(source, `"${one.name}" overlaps another entry`);
    const entry = await locate(one, start, source);
    if (entries.has(one.name)) throw fault(source, `"${one.name}" stands there twice`);
    entries.set(one.name, entry);
    reached = entry.end;
  }
  return entries;
}

interface Directory {
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

async function findDirectory(source: ByteSource): Promise<Directory> {
  const tailStart = Math.max(0, source.size - endSize - none16);
  const tail = await readWithin(source, tailStart, source.size);
  const view = viewOf(tail);
  let at = tail.byteLength - endSize;
  while (at >= 0 && !(view.getUint32(at, true) === 0x0605_4b50 && closes(view, at))) at--;
  if (at < 0) throw fault(source, 'its end is missing');
  const simple = {
    count: view.getUint16(at + 10, true),
    size: view.getUint32(at + 12, true),
    start: view.getUint32(at + 16, true),
  };
  if (view.getUint16(at + 4, true) % none16 !== 0) throw fault(source, 'it is a part of several');
  const large = simple.count === none16 || simple.size === none32 || simple.start === none32;
  const { count, size, start } = large ? await findLarge(source, tailStart + at) : simple;
  const end = start + size;
  if (count > mostEntries || size > longestDirectory) throw fault(source, `it lists ${count} entries`);
  if (end > tailStart + at) throw fault(source, 'its list of entries lies outside');
  return { start, end, count };
}

/** The comment of the end record reaches the end of the file. */
const closes = (view: DataView, at: number): boolean =>
  at + endSize + view.getUint16(at + 20, true) === view.byteLength;

async function findLarge(
  source: ByteSource,
  endRecord: number,
): Promise<{ count: number; size: number; start: number }> {
  const locator = viewOf(await readWithin(source, endRecord - locatorSize, endRecord));
  if (locator.getUint32(0, true) !== 0x0706_4b50) throw fault(source, 'its zip64 end is missing');
  const at = long(locator, 8, source);
  const record = viewOf(await readWithin(source, at, at + 56));
  if (record.getUint32(0, true) !== 0x0606_4b50) throw fault(source, 'its zip64 end is missing');
  return {
    count: long(record, 32, source),
    size: long(record, 40, source),
    start: long(record, 48, source),
  };
}

function long(view: DataView, at: number, source: ByteSource): number {
  if (at + 8 > view.byteLength) throw fault(source, 'a size is missing');
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw fault(source, `a size of ${value.toString()}`);
  return Number(value);
}

function readDirectory(bytes: Uint8Array, count: number, source: ByteSource): Listed[] {
  const view = viewOf(bytes);
  const listed: Listed[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.byteLength || view.getUint32(at, true) !== 0x0201_4b50) {
      throw fault(source, `entry ${i} of ${count} is missing`);
    }
    const [nameLength, extraLength, comment] = [28, 30, 32].map((k) => view.getUint16(at + k, true));
    const next = at + 46 + (nameLength ?? 0) + (extraLength ?? 0) + (comment ?? 0);
    if (next > bytes.byteLength) throw fault(source, `entry ${i} is cut short`);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + (nameLength ?? 0)));
    const extra = viewOf(bytes.subarray(at + 46 + (nameLength ?? 0), next - (comment ?? 0)));
    listed.push(listing(new DataView(bytes.buffer, bytes.byteOffset + at, 46), extra, name, source));
    at = next;
  }
  return listed;
}

function listing(view: DataView, extra: DataView, name: string, source: ByteSource): Listed {
  const flags = view.getUint16(8, true);
  if ((flags & 1) !== 0) throw fault(source, `"${name}" is encrypted`);
  if (view.getUint16(10, true) !== 0)
    throw fault(source, `"${name}" is compressed, which torch.save never does`);
  const [packed, plain, header] = [20, 24, 42].map((at) => view.getUint32(at, true));
  const wide = wideSizes(extra);
  const take = (value: number | undefined): number =>
    value === none32 ? long(wide, (at += 8) - 8, source) : (value ?? 0);
  let at = 0;
  // In this order: only those are there that do not fit 32 bits.
  const size = take(plain);
  const stored = take(packed);
  if (size !== stored) throw fault(source, `"${name}" has two sizes, ${stored} and ${size} bytes`);
  return { name, size, header: take(header) };
}

/** The zip64 extra field. */
function wideSizes(extra: DataView): DataView {
  let at = 0;
  while (at + 4 <= extra.byteLength) {
    const size = extra.getUint16(at + 2, true);
    if (extra.getUint16(at, true) === 1 && at + 4 + size <= extra.byteLength) {
      return new DataView(extra.buffer, extra.byteOffset + at + 4, size);
    }
    at += 4 + size;
  }
  return new DataView(new ArrayBuffer(0));
}

async function locate({ name, size, header }: Listed, limit: number, source: ByteSource): Promise<ZipEntry> {
  if (header + 30 > limit) throw fault(source, `"${name}" lies outside`);
  const local = viewOf(await readWithin(source, header, header + 30));
  if (local.getUint32(0, true) !== 0x0403_4b50) throw fault(source, `"${name}" is not where it should be`);
  if (local.getUint16(8, true) !== 0) throw fault(source, `"${name}" is compressed`);
  const start = header + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  if (start + size > limit) throw fault(source, `"${name}" reaches out of the file`);
  return { start, end: start + size };
}
