import { expect, it } from 'vitest';
import { soundInfo } from './soundInfo';
import { writeWav } from './wavWriter';

const infoOf = (bytes: Uint8Array) =>
  soundInfo({
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  });
const ascii = (text: string): number[] => Array.from(text, (one) => one.charCodeAt(0));
const big32 = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
const little32 = (value: number): number[] => big32(value).reverse();

/** MPEG 1 layer III, 128 kbit/s, 44 100 Hz, stereo: frames of 417 bytes. */
function mp3(frames: number, begin: number[] = []): Uint8Array {
  const frame = [0xff, 0xfb, 0x90, 0x00, ...new Array<number>(413).fill(0)];
  return Uint8Array.from([...begin, ...Array.from({ length: frames }, () => frame).flat()]);
}

it('reads a wav file', async () => {
  const bytes = writeWav({ sampleRate: 8000, channels: [new Float32Array(4000)] });
  expect(await infoOf(bytes)).toEqual({ kind: 'wav', sampleRate: 8000, channels: 1, seconds: 0.5 });
});

it('reads the length of an mp3 file from its size, and from its table when it has one', async () => {
  const constant = await infoOf(mp3(100, [...ascii('ID3'), 3, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4]));
  expect(constant).toMatchObject({ kind: 'mp3', sampleRate: 44_100, channels: 2 });
  expect(constant.seconds).toBeCloseTo((100 * 1152) / 44_100, 1);
  const table = mp3(2);
  table.set([...ascii('Xing'), ...big32(1), ...big32(1000)], 36);
  expect((await infoOf(table)).seconds).toBeCloseTo((1000 * 1152) / 44_100, 6);
});

it('reads the header of flac', async () => {
  // 16 000 Hz (20 bits), one channel (3), 16 bits (5), 48 000 samples (36).
  const packed = [...big32((16_000 << 12) | (0 << 9) | (15 << 4)), ...big32(48_000)];
  const bytes = Uint8Array.from([
    ...ascii('fLaC'),
    0,
    0,
    0,
    34,
    ...new Array<number>(10).fill(0),
    ...packed,
    ...new Array<number>(16).fill(0),
  ]);
  expect(await infoOf(bytes)).toEqual({ kind: 'flac', sampleRate: 16_000, channels: 1, seconds: 3 });
});

it('reads ogg with Opus and with Vorbis by the last page', async () => {
  const page = (position: number, body: number[]) => [
    ...ascii('OggS'),
    0,
    2,
    ...little32(position),
    0,
    0,
    0,
    0,
    ...new Array<number>(12).fill(0),
    1,
    body.length,
    ...body,
  ];
  const opus = [...ascii('OpusHead'), 1, 1, 0x38, 1, ...little32(16_000), 0, 0, 0];
  const bytes = Uint8Array.from([...page(0, opus), ...page(48_000 + 312, [1, 2, 3])]);
  expect(await infoOf(bytes)).toEqual({ kind: 'opus', sampleRate: 48_000, channels: 1, seconds: 1 });
  const vorbis = [
    1,
    ...ascii('vorbis'),
    0,
    0,
    0,
    0,
    2,
    ...little32(22_050),
    ...new Array<number>(14).fill(0),
  ];
  expect(await infoOf(Uint8Array.from([...page(0, vorbis), ...page(44_100, [1])]))).toEqual({
    kind: 'ogg',
    sampleRate: 22_050,
    channels: 2,
    seconds: 2,
  });
});

it.each([
  ['nothing', [], /empty/],
  ['a web page that was saved as sound', ascii('<!DOCTYPE html><html>'), /wav/],
  ['an mp3 tag without sound', [...ascii('ID3'), 3, 0, 0, 0, 0, 0, 0, 1, 1, 1], /no frame/],
  ['half a flac header', ascii('fLaC'), /flac/],
  ['ogg of another kind', [...ascii('OggS'), ...new Array<number>(200).fill(0)], /neither/],
])('refuses %s', async (_, bytes, message) => {
  await expect(infoOf(Uint8Array.from(bytes))).rejects.toThrow(message);
});
