import { describe, expect, it } from 'vitest';
import { MlError } from '../errors';
import { mixdown } from './audioData';
import { alawTable, encodeMulaw, mulawTable } from './g711';
import reference from './testdata/wav.json';
import { readWav, wavInfo, wavInfoFrom } from './wav';
import { writeWav } from './wavWriter';

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
const s16 = () => bytesOf(reference.files.s16.base64);

function failure(bytes: Uint8Array): MlError {
  try {
    readWav(bytes);
  } catch (error) {
    if (error instanceof MlError) return error;
    throw error;
  }
  throw new Error('The file was accepted.');
}

/** A copy of the 16-bit file with bytes written over it. */
function damaged(offset: number, ...bytes: number[]): Uint8Array {
  const copy = s16();
  copy.set(bytes, offset);
  return copy;
}

describe('readWav', () => {
  for (const [name, { base64, frames }] of Object.entries(reference.files)) {
    it(`reads ${name} as libsndfile does`, () => {
      const audio = readWav(bytesOf(base64));
      expect(audio.sampleRate).toBe(reference.rate);
      expect(audio.channels).toHaveLength(2);
      frames.forEach((frame, i) =>
        frame.forEach((value, channel) => expect(audio.channels[channel]?.[i]).toBeCloseTo(value, 7)),
      );
      expect(audio.channels[0]).toHaveLength(frames.length);
    });
  }

  it('skips unknown chunks with odd sizes and their padding byte', () => {
    const plain = s16();
    const odd = new TextEncoder().encode('LIST\u0003\u0000\u0000\u0000abc\u0000');
    const joined = new Uint8Array([...plain.subarray(0, 12), ...odd, ...plain.subarray(12)]);
    expect(readWav(joined)).toEqual(readWav(plain));
  });

  it('reads to the end where a streaming writer left the length open, and drops a part of a frame', () => {
    const open = new Uint8Array([...damaged(40, 0xff, 0xff, 0xff, 0xff), 1, 2]);
    expect(wavInfo(open).frames).toBe(reference.files.s16.frames.length);
  });

  it('reads a header without the rest of the file', async () => {
    const bytes = s16();
    let read = 0;
    const reader = {
      size: bytes.length,
      read: (offset: number, length: number) => {
        read += length;
        return Promise.resolve(bytes.slice(offset, offset + length));
      },
    };
    expect(await wavInfoFrom(reader)).toEqual(wavInfo(bytes));
    expect(read).toBeLessThan(bytes.length);
  });

  it.each([
    ['an empty file', new Uint8Array(0), 'audio.invalid', /too short/],
    ['text', new TextEncoder().encode('this is no sound at all'), 'audio.invalid', /RIFF/],
    ['a header alone', s16().slice(0, 20), 'audio.invalid', /cut off|no data/],
    ['missing sound', s16().slice(0, 50), 'audio.invalid', /cut off/],
    ['a data chunk larger than the file', damaged(40, 0xf0, 0xff, 0xff, 0x7f), 'audio.invalid', /cut off/],
    ['a chunk larger than the file', damaged(16, 0xf0, 0xff, 0xff, 0xff), 'audio.invalid', /cut off/],
    ['a short format chunk', damaged(16, 8), 'audio.invalid', /16 bytes/],
    ['no channels', damaged(22, 0, 0), 'audio.invalid', /0 channels/],
    ['65 535 channels', damaged(22, 0xff, 0xff), 'audio.invalid', /65535 channels/],
    ['0 Hz', damaged(24, 0, 0, 0, 0), 'audio.invalid', /0 Hz/],
    ['a wrong block size', damaged(32, 3, 0), 'audio.invalid', /contradict/],
    ['no bits', damaged(34, 0, 0), 'audio.invalid', /contradict/],
    ['an MP3 in a wav file', damaged(20, 0x55, 0), 'audio.unsupported', /0x55/],
    ['big-endian data', damaged(3, 0x58), 'audio.unsupported', /RIFX/],
    ['an extensible format that is too short', damaged(20, 0xfe, 0xff), 'audio.invalid', /extensible/],
  ])('refuses %s', (_, bytes, code, message) => {
    const error = failure(bytes);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it('refuses a data chunk before the format', () => {
    const plain = s16();
    const bytes = new Uint8Array([...plain.subarray(0, 12), ...plain.subarray(36)]);
    expect(failure(bytes).message).toMatch(/before/);
  });

  it('refuses samples that are not numbers', () => {
    const nan = writeWav({ sampleRate: 8000, channels: [Float32Array.of(0, NaN)] }, 'float32');
    expect(failure(nan).message).toMatch(/Sample 1 /);
  });

  it('fails with nothing but MlError whatever byte of a file is damaged', () => {
    const original = bytesOf(reference.files.ex24.base64);
    for (let at = 0; at < 68; at++) {
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
        const copy = original.slice();
        copy[at] = value;
        try {
          readWav(copy);
        } catch (error) {
          expect(error).toBeInstanceOf(MlError);
        }
      }
    }
  });
});

describe('G.711', () => {
  it('decodes every code as the reference does', () => {
    expect([...mulawTable].map((v) => v * 32_768)).toEqual(reference.ulaw);
    expect([...alawTable].map((v) => v * 32_768)).toEqual(reference.alaw);
  });

  it('encodes to the nearest code', () => {
    for (const sample of reference.ulawEncode.input) {
      const got = mulawTable[encodeMulaw(sample / 32_768)] ?? NaN;
      const best = Math.min(...[...mulawTable].map((v) => Math.abs(v - sample / 32_768)));
      // Steps at the top of the range are 1024 wide; codes are chosen by truncation after the bias.
      expect(Math.abs(got - sample / 32_768)).toBeLessThanOrEqual(best + 1.01 / 32_768);
    }
  });
});

describe('writeWav', () => {
  const audio = {
    sampleRate: 22_050,
    channels: [Float32Array.of(0, 0.5, -1, 1.5), Float32Array.of(1, 0, 0, -2)],
  };

  it('round-trips float exactly and clips integers', () => {
    expect(readWav(writeWav(audio, 'float32'))).toEqual(audio);
    const [left, right] = readWav(writeWav(audio, 'pcm16')).channels;
    expect([...(left ?? [])]).toEqual([0, 0.5, -1, 32_767 / 32_768]);
    expect([...(right ?? [])]).toEqual([32_767 / 32_768, 0, 0, -1]);
  });

  it('pads an odd number of µ-law bytes and stays readable', () => {
    const bytes = writeWav({ sampleRate: 8000, channels: [Float32Array.of(0.1, -0.1, 0.9)] }, 'mulaw');
    expect(bytes.length % 2).toBe(0);
    expect(readWav(bytes).channels[0]).toHaveLength(3);
    expect(readWav(bytes).channels[0]?.[2]).toBeCloseTo(0.9, 1);
  });
});

it('mixes channels to their mean', () => {
  const mono = mixdown({ sampleRate: 8000, channels: [Float32Array.of(1, 0), Float32Array.of(0, -1)] });
  expect([...mono]).toEqual([0.5, -0.5]);
});
