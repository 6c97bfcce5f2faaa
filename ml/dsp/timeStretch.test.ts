import { describe, expect, it } from 'vitest';
import { TimeStretch } from './timeStretch';

const sampleRate = 16_000;
const tone = (hertz: number, seconds: number): Float32Array =>
  Float32Array.from(
    { length: seconds * sampleRate },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / sampleRate),
  );

function stretched(samples: Float32Array, rate: number, piece = 4000): Float32Array {
  const stretch = new TimeStretch({ sampleRate, channels: 1, rate });
  const out: number[] = [];
  for (let i = 0; i < samples.length; i += piece)
    out.push(...(stretch.push([samples.subarray(i, i + piece)])[0] ?? []));
  out.push(...(stretch.finish()[0] ?? []));
  return Float32Array.from(out);
}

/** Hz, from how often the signal rises through zero. */
function pitch(samples: Float32Array): number {
  let rises = 0;
  for (let i = 1; i < samples.length; i++) if ((samples[i - 1] ?? 0) < 0 && (samples[i] ?? 0) >= 0) rises++;
  return (rises * sampleRate) / samples.length;
}

describe('another speed', () => {
  it.each([0.5, 0.75, 1.25, 1.5, 2])('%f lasts as long as it should, at the same pitch and level', (rate) => {
    const out = stretched(tone(220, 2), rate);
    expect(out.length / sampleRate).toBeCloseTo(2 / rate, 1);
    const inner = out.subarray(1600, out.length - 1600);
    expect(pitch(inner)).toBeGreaterThan(217);
    expect(pitch(inner)).toBeLessThan(223);
    // No beat where windows meet: every 20 ms is as loud as a sine of 0.5.
    for (let i = 0; i + 320 < inner.length; i += 320) {
      const power = inner.subarray(i, i + 320).reduce((sum, value) => sum + value * value, 0) / 320;
      expect(Math.sqrt(power)).toBeGreaterThan(0.3);
      expect(Math.sqrt(power)).toBeLessThan(0.4);
    }
  });

  it('does not depend on how the sound is cut', () => {
    const samples = tone(300, 1);
    expect([...stretched(samples, 1.5, 1000)]).toEqual([...stretched(samples, 1.5, 16_000)]);
  });
});
