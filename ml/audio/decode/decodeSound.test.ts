/** The clips hold the same second, 16 kHz: 440 Hz on the left, 660 Hz at half of that on the right. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { writeWav } from '../wavWriter';
import { decodeStream, readSound, soundKind } from './decodeSound';
import { compressedInfo } from './soundInfo';
import { isCompressed, sniff } from './sniff';

const reader = (bytes: Uint8Array) => ({
  size: bytes.length,
  read: (offset: number, length: number) => Promise.resolve(bytes.slice(offset, offset + length)),
});
const clip = async (name: string): Promise<Uint8Array> =>
  new Uint8Array(await readFile(path.join(import.meta.dirname, 'testdata', name)));

/** Share of a signal's energy that lies in a sine of `hertz`, 0..1. */
function purity(samples: Float32Array, hertz: number, rate: number): number {
  let [sine, cosine, energy] = [0, 0, 0];
  samples.forEach((value, i) => {
    sine += value * Math.sin((2 * Math.PI * hertz * i) / rate);
    cosine += value * Math.cos((2 * Math.PI * hertz * i) / rate);
    energy += value * value;
  });
  return (2 * (sine * sine + cosine * cosine)) / (samples.length * energy);
}

/** `late`: samples by which the encoder's own delay is not told. */
const files = [
  { name: 'stereo.mp3', kind: 'mp3', rate: 16_000, channels: 2, slack: 0 },
  { name: 'vbr.mp3', kind: 'mp3', rate: 16_000, channels: 2, slack: 0 },
  { name: 'mono.mp3', kind: 'mp3', rate: 16_000, channels: 1, slack: 0 },
  { name: 'stereo.flac', kind: 'flac', rate: 16_000, channels: 2, slack: 0 },
  { name: 'flac.oga', kind: 'oggFlac', rate: 16_000, channels: 2, slack: 0 },
  { name: 'stereo.opus', kind: 'opus', rate: 48_000, channels: 2, slack: 0 },
  { name: 'stereo.ogg', kind: 'vorbis', rate: 16_000, channels: 2, slack: 0 },
] as const;

describe.each(files)('$name', ({ name, kind, rate, channels, slack }) => {
  it('is known, measured and decoded', async () => {
    const file = reader(await clip(name));
    expect(await soundKind(file)).toBe(kind);
    const info = await compressedInfo(file, kind);
    expect(info).toMatchObject({ sampleRate: rate, channels });
    const audio = await readSound(file);
    expect(audio.sampleRate).toBe(rate);
    expect(audio.channels).toHaveLength(channels);
    const [left = new Float32Array(), right] = audio.channels;
    expect(Math.abs(left.length - rate)).toBeLessThanOrEqual(slack);
    expect(info.frames).toBe(left.length);
    const middle = (samples: Float32Array): Float32Array => samples.subarray(rate * 0.2, rate * 0.8);
    if (channels === 2) {
      expect(purity(middle(left), 440, rate)).toBeGreaterThan(0.99);
      expect(purity(middle(right ?? left), 660, rate)).toBeGreaterThan(0.98);
    }
    expect(Math.max(...middle(left))).toBeGreaterThan(0.3);
  });
});

describe('a flac', () => {
  it('gives the very samples that were put in', async () => {
    const { channels } = await readSound(reader(await clip('stereo.flac')));
    const at = (i: number): number =>
      Math.trunc(16_000 * Math.sin((2 * Math.PI * 440 * i) / 16_000)) / 32_768;
    for (const i of [1000, 5000, 8001]) expect(channels[0]?.[i]).toBeCloseTo(at(i), 6);
  });
});

describe('what is no sound, or half of one', () => {
  it('is told from its first bytes', () => {
    const bytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
    expect(sniff(bytes('\0\0\0\x20ftypM4A '))).toBe('mp4');
    expect(sniff(bytes('\x1aE\xdf\xa3'))).toBe('webm');
    expect(sniff(bytes('\xff\xf1\x50'))).toBe('aac');
    expect(sniff(bytes('hello'))).toBeUndefined();
    expect(sniff(new Uint8Array(0))).toBeUndefined();
    expect(isCompressed('mp4')).toBe(false);
  });

  it('is refused with the reason', async () => {
    await expect(readSound(reader(new Uint8Array(0)))).rejects.toThrow('empty');
    await expect(readSound(reader(await clip('stereo.m4a')))).rejects.toMatchObject({
      code: 'audio.unsupported',
    });
    await expect(readSound(reader(Uint8Array.of(0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 9)))).rejects.toThrow(
      'No frame of MPEG audio',
    );
    const silent = vi.spyOn(console, 'error').mockReturnValue();
    for (const name of ['stereo.flac', 'stereo.ogg', 'stereo.opus'])
      await expect(readSound(reader((await clip(name)).subarray(0, 60)))).rejects.toMatchObject({
        code: 'audio.invalid',
      });
    silent.mockRestore();
  });

  it('gives what is there when the end is missing', async () => {
    const silent = vi.spyOn(console, 'error').mockReturnValue();
    for (const name of ['stereo.mp3', 'stereo.flac', 'stereo.opus']) {
      const whole = await clip(name);
      const [left] = (await readSound(reader(whole.subarray(0, whole.length / 2)))).channels;
      expect(left?.length).toBeGreaterThan(3000);
    }
    silent.mockRestore();
  });
});

it('an mp3 without a tag is counted frame by frame, over an ID3 tag before and one behind', async () => {
  const bytes = await clip('mono.mp3');
  // The first frame is the tag's own.
  const info = await compressedInfo(reader(bytes), 'mp3');
  const bare = Uint8Array.of(
    ...[0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4, 5],
    ...bytes.subarray(144),
    ...Array.from({ length: 128 }, (_, i) => (i < 3 ? 'TAG'.charCodeAt(i) : 0)),
  );
  const counted = await compressedInfo(reader(bare), 'mp3');
  expect(counted.frames).toBeGreaterThanOrEqual(info.frames ?? 0);
  expect((counted.frames ?? 0) % 576).toBe(0);
});

it('comes in pieces', async () => {
  const file = reader(await clip('stereo.flac'));
  let frames = 0;
  for await (const { channels } of decodeStream(file, await compressedInfo(file, 'flac')))
    frames += channels[0]?.length ?? 0;
  expect(frames).toBe(16_000);
});

it('a wav is read through the same door', async () => {
  const wav = writeWav({ sampleRate: 8000, channels: [Float32Array.of(0.5, -0.5)] });
  expect((await readSound(reader(wav))).channels[0]).toHaveLength(2);
});
