import { describe, expect, it, vi } from 'vitest';
import { writeWav } from '../../ml/audio/wavWriter';
import { Slice } from '../common/slices';
import { FigureMeter } from './figures';
import { Loudness } from './loudness';
import { share } from './meter';
import { blockFrames, Peaks, sampleColumns } from './peaks';
import { memorySource } from './byteSource';
import { openSound } from './openSound';
import { decodedSamples, readMono, type Samples } from './samples';
import { scan } from './scan';

const signal = new AbortController().signal;
const slice = new Slice(signal, Infinity);
const never = (): Promise<never> => Promise.reject(new Error('not asked'));

const tone = (hertz: number, seconds: number, rate: number, amplitude = 1): Float32Array =>
  Float32Array.from(
    { length: Math.round(seconds * rate) },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hertz * i) / rate),
  );
const opened = (bytes: Uint8Array, name = 'x.wav'): Promise<Samples> =>
  openSound(name, memorySource(bytes), never);

describe('samples', () => {
  const wav = writeWav({ sampleRate: 8000, channels: [tone(100, 1, 8000), tone(200, 1, 8000)] });

  it('are read from the file where they are needed', async () => {
    const samples = await opened(wav);
    expect(samples).toMatchObject({ sampleRate: 8000, channels: 2, frames: 8000, seconds: 1 });
    const [left, right] = await samples.read(100, 3);
    expect(left?.[0]).toBeCloseTo(Math.sin((2 * Math.PI * 100 * 100) / 8000), 3);
    expect(right).toHaveLength(3);
    expect((await samples.read(7999, 10)).map((channel) => channel.length)).toEqual([1, 1]);
    expect((await samples.read(9000, 10)).map((channel) => channel.length)).toEqual([0, 0]);
  });

  it('are silent before and after the recording, when mixed', async () => {
    const samples = decodedSamples({
      sampleRate: 4,
      channels: [Float32Array.of(1, 1), Float32Array.of(0, 1)],
    });
    expect([...(await readMono(samples, -1, 5))]).toEqual([0, 0.5, 1, 0, 0]);
  });

  it('of other formats come from the decoder; a broken file is told by name', async () => {
    const decoded = { sampleRate: 48_000, channels: [Float32Array.of(0.1)] };
    const samples = await openSound('a.m4a', memorySource(Uint8Array.of(1, 2)), () =>
      Promise.resolve(decoded),
    );
    expect(samples).toMatchObject({ frames: 1, wav: undefined });
    await expect(opened(new TextEncoder().encode('this is no sound'))).rejects.toThrow(/^x\.wav: /);
    await expect(opened(writeWav({ sampleRate: 8000, channels: [new Float32Array(0)] }))).rejects.toThrow(
      /no sound/,
    );
  });
});

describe('peaks', () => {
  const noise = Float32Array.from({ length: 100_000 }, (_, i) => Math.sin(i * i) * 0.5);
  noise[55_555] = 1;
  noise[12_345] = -1;
  const peaks = new Peaks(noise.length);
  for (let i = 0; i < noise.length; i += blockFrames * 16)
    peaks.add(i, noise.subarray(i, i + blockFrames * 16));

  it.each([1, 7, 100, 390])('lose no extreme at %i columns', (columns) => {
    const { low, high } = peaks.columns(0, noise.length, columns);
    expect(Math.max(...high)).toBe(1);
    expect(Math.min(...low)).toBe(-1);
    expect(high.indexOf(1)).toBe(
      Math.floor((Math.floor(55_555 / blockFrames) * blockFrames * columns) / noise.length),
    );
  });

  it('know nothing of what is not read yet', () => {
    const half = new Peaks(10 * blockFrames);
    half.add(0, new Float32Array(5 * blockFrames).fill(0.25));
    const { high } = half.columns(0, 10 * blockFrames, 10);
    expect([...high.slice(0, 5)]).toEqual([0.25, 0.25, 0.25, 0.25, 0.25]);
    expect([...high.slice(5)].every(Number.isNaN)).toBe(true);
    expect(half.columns(0, 10 * blockFrames, 1).high[0]).toBe(0.25);
  });

  it('come from the samples when there are fewer than pixels', () => {
    const { low, high } = sampleColumns(Float32Array.of(0.5, -0.5), { first: 1, perPixel: 0.5, columns: 6 });
    expect([...high]).toEqual([NaN, 0.5, 0.5, -0.5, -0.5, NaN]);
    expect([...low]).toEqual([...high]);
  });

  it('give the level of the last moment', () => {
    const loud = new Peaks(blockFrames * 8);
    loud.add(0, new Float32Array(blockFrames * 4));
    loud.add(blockFrames * 4, new Float32Array(blockFrames * 4).fill(0.5));
    expect(loud.level(blockFrames * 2, blockFrames)).toEqual({ peak: 0, rms: 0 });
    expect(loud.level(blockFrames * 7, blockFrames * 2)).toEqual({ peak: 0.5, rms: 0.5 });
    expect([share(0), share(0.001), share(1)]).toEqual([0, expect.closeTo(0), 1]);
  });
});

describe('loudness', () => {
  const measure = (channels: Float32Array[], rate: number): number | undefined => {
    const meter = new Loudness(rate, channels.length);
    for (let i = 0; i < (channels[0]?.length ?? 0); i += 1000)
      meter.add(channels.map((c) => c.subarray(i, i + 1000)));
    return meter.integrated();
  };

  it.each([16_000, 44_100, 48_000])('of a 997 Hz sine is -3.01 LUFS at %i Hz, as BS.1770 has it', (rate) => {
    expect(measure([tone(997, 2, rate)], rate)).toBeCloseTo(-3.01, 1);
    const quiet = tone(997, 2, rate, 10 ** (-23 / 20));
    expect(measure([quiet, quiet], rate)).toBeCloseTo(-23, 1);
  });

  it('leaves pauses out, and is unknown for less than a block', () => {
    const rate = 16_000;
    const spoken = new Float32Array(rate * 6);
    spoken.set(tone(997, 3, rate));
    expect(measure([spoken], rate)).toBeGreaterThan(-3.6);
    expect(measure([new Float32Array(rate)], rate)).toBe(-Infinity);
    expect(measure([tone(997, 0.3, rate)], rate)).toBeUndefined();
  });
});

describe('the figures', () => {
  it('are those of a sine with a clipped, an offset and a silent part', () => {
    const meter = new FigureMeter(1000, 1);
    meter.add([tone(100, 1, 1000, 0.5)]);
    meter.add([new Float32Array(1000)]);
    const clean = meter.figures();
    expect(clean.peakDb).toBeCloseTo(20 * Math.log10(0.5 * Math.sin((2 * Math.PI * 3) / 10)), 2);
    expect(clean.rmsDb).toBeCloseTo(10 * Math.log10(0.125 / 2), 2);
    expect(clean).toMatchObject({ clippings: 0, silence: 0.5 });
    meter.add([Float32Array.of(1, 1, 1, 0, 1, 0, -1, -1)]);
    expect(meter.figures().clippings).toBe(2);
    expect(meter.figures().peakDb).toBe(0);
  });

  it('see clipping across pieces, and digital silence', () => {
    const meter = new FigureMeter(1000, 2);
    meter.add([Float32Array.of(0, 1), Float32Array.of(0, 0)]);
    meter.add([Float32Array.of(1, 0), Float32Array.of(0, 0)]);
    expect(meter.figures().clippings).toBe(1);
    const silent = new FigureMeter(1000, 1);
    silent.add([new Float32Array(500)]);
    expect(silent.figures()).toMatchObject({ peakDb: -Infinity, rmsDb: -Infinity, silence: 1, dcOffset: 0 });
  });
});

describe('the scan', () => {
  it('sketches a long recording from its first question on', async () => {
    const frames = blockFrames * 16_000;
    const asked: number[] = [];
    const samples = decodedSamples({ sampleRate: 8000, channels: [new Float32Array(frames).fill(0.25)] });
    const controller = new AbortController();
    let outline: Float32Array | undefined;
    const ended = scan(
      {
        ...samples,
        readMany: (starts, count) => {
          asked.push(starts.length);
          return samples.readMany(starts, count);
        },
      },
      ({ peaks, done }) => {
        expect(done).toBe(0);
        outline = peaks[0]?.columns(0, frames, 800).high;
        controller.abort();
      },
      controller.signal,
    );
    await expect(ended).rejects.toThrow();
    expect(asked).toEqual([1600]);
    expect([...(outline ?? [])]).toEqual(Array.from({ length: 800 }, () => 0.25));
  });

  it('tells its progress, then the figures, and stops when nobody waits', async () => {
    const samples = await opened(writeWav({ sampleRate: 8000, channels: [tone(440, 20, 8000, 0.5)] }));
    const progress = vi.fn();
    const whole = await scan(samples, progress, signal, slice);
    expect(progress.mock.calls.length).toBe(2);
    expect(whole.done).toBe(160_000);
    expect(whole.figures?.peakDb).toBeCloseTo(-6.02, 1);
    expect(whole.peaks[0]?.columns(0, 160_000, 1).high[0]).toBeCloseTo(0.5, 2);
    const controller = new AbortController();
    const ended = scan(
      samples,
      () => controller.abort(),
      controller.signal,
      new Slice(controller.signal, Infinity),
    );
    await expect(ended).rejects.toThrow();
  });
});
