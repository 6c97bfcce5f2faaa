/** PNG files: screenshots in (8 bits a channel, RGB or RGBA), pictures of at most 256 colours out. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { Failure } from '../failure.mjs';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** → width, height and `rgb`: 24-bit colours, row by row. Transparency is left out: a screenshot has none. */
export function readPng(file) {
  if (!file.subarray(0, 8).equals(signature)) throw new Failure('This is no PNG file.');
  const chunks = chunksOf(file);
  const header = chunks.find(({ type }) => type === 'IHDR').data;
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth, colourType, , , interlaced] = header.subarray(8);
  const channels = { 2: 3, 6: 4 }[colourType];
  if (depth !== 8 || channels === undefined || interlaced !== 0)
    throw new Failure(
      'Only PNGs of 8-bit RGB or RGBA without interlacing can be read, as Chromium makes them.',
    );
  const data = chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data);
  const rows = unfilter(inflateSync(Buffer.concat(data)), width * channels, height, channels);
  const rgb = new Uint32Array(width * height);
  for (let i = 0, at = 0; i < rgb.length; i += 1, at += channels)
    rgb[i] = (rows[at] << 16) | (rows[at + 1] << 8) | rows[at + 2];
  return { width, height, rgb };
}

/** `indices` point into `palette` (24-bit colours, at most 256). Rows are not filtered: indices have no gradients. */
export function writeIndexedPng({ width, height, palette, indices }) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1)
    rows.set(indices.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((rgb) => [rgb >> 16, (rgb >> 8) & 255, rgb & 255]))),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunksOf(file) {
  const chunks = [];
  for (let at = 8; at + 12 <= file.length;) {
    const length = file.readUInt32BE(at);
    chunks.push({
      type: file.toString('latin1', at + 4, at + 8),
      data: file.subarray(at + 8, at + 8 + length),
    });
    at += length + 12;
  }
  return chunks;
}

function chunk(type, data) {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), data.length + 8);
  return bytes;
}

/** Undoes the five row filters of the PNG specification (section 9). */
function unfilter(bytes, stride, height, channels) {
  const rows = new Uint8Array(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = bytes[y * (stride + 1)];
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x;
      const left = x < channels ? 0 : rows[at - channels];
      const up = y === 0 ? 0 : rows[at - stride];
      const corner = x < channels || y === 0 ? 0 : rows[at - stride - channels];
      rows[at] = bytes[y * (stride + 1) + 1 + x] + predicted(filter, left, up, corner);
    }
  }
  return rows;
}

function predicted(filter, left, up, corner) {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const estimate = left + up - corner;
  const [dl, du, dc] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  if (dl <= du && dl <= dc) return left;
  return du <= dc ? up : corner;
}
