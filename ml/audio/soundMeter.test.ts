import { expect, it } from 'vitest';
import { SoundMeter } from './soundMeter';

const rate = 8000;
/** Half a second of nothing, one of a tone, a quarter of nothing. */
function tone(level: number): Float32Array {
  const samples = new Float32Array(rate * 1.75);
  for (let i = rate / 2; i < rate * 1.5; i++) samples[i] = level * Math.sin(i / 3);
  return samples;
}

it('finds the silence at both ends, however the sound is cut into blocks', () => {
  for (const size of [100, 77, 100_000]) {
    const meter = new SoundMeter(rate, 1);
    const samples = tone(0.3);
    for (let i = 0; i < samples.length; i += size)
      meter.add([{ samples: samples.subarray(i, i + size), scale: 1, step: 1 }]);
    const { peak, clippedSamples, leadSeconds, tailSeconds } = meter.levels();
    expect(peak).toBeCloseTo(0.3, 3);
    expect(clippedSamples).toBe(0);
    expect(leadSeconds).toBeCloseTo(0.5, 2);
    expect(tailSeconds).toBeCloseTo(0.25, 2);
  }
});

it('measures quiet recordings by their own peak, and nothing as nothing', () => {
  const quiet = new SoundMeter(rate, 1);
  quiet.add([{ samples: tone(0.01), scale: 1, step: 1 }]);
  expect(quiet.levels().leadSeconds).toBeCloseTo(0.5, 2);
  const silent = new SoundMeter(rate, 1);
  silent.add([{ samples: new Float32Array(rate), scale: 1, step: 1 }]);
  expect(silent.levels()).toEqual({ peak: 0, clippedSamples: 0, leadSeconds: 1, tailSeconds: 1 });
});

it('counts runs at full scale in each channel of interleaved 16-bit samples, also over a block’s end', () => {
  const meter = new SoundMeter(rate, 2);
  const left = [32767, 32767, 32767, 32767, 100, 32767, 32767, -32768];
  const interleaved = Int16Array.from(left.flatMap((value) => [value, 5]));
  const blocks = (part: Int16Array) =>
    [0, 1].map((channel) => ({ samples: part.subarray(channel), scale: 32_768, step: 2 }));
  meter.add(blocks(interleaved.subarray(0, 4)));
  meter.add(blocks(interleaved.subarray(4)));
  expect(meter.levels()).toMatchObject({ peak: 1, clippedSamples: 4 });
});
