import { describe, expect, it } from 'vitest';
import { findOffset, type Heard } from './align';
import { decodedSamples } from './samples';
import { scan } from './scan';

const rate = 8000;

/** Bursts at irregular times, as speech has them; the same ones for the same seed. */
function bursts(seconds: number, shift: number, seed = 1): Float32Array {
  const samples = new Float32Array(seconds * rate);
  let state = seed;
  const random = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
  for (let at = 0.2; at < seconds + 5; at += 0.15 + 0.5 * random()) {
    const level = 0.1 + 0.8 * random();
    for (let i = 0; i < rate * 0.1; i++) {
      const index = Math.round((at - shift) * rate) + i;
      if (index >= 0 && index < samples.length) samples[index] = level * Math.sin(i * 0.3);
    }
  }
  return samples;
}

async function heard(channel: Float32Array): Promise<Heard> {
  const samples = decodedSamples({ sampleRate: rate, channels: [channel] });
  const scanned = await scan(samples, () => undefined, new AbortController().signal);
  return { scanned, sampleRate: rate, seconds: samples.seconds };
}

describe('two recordings of one thing', () => {
  it.each([0, 1.23, -0.8])('are laid over each other: %f s', async (shift) => {
    const whole = await heard(bursts(12, 0));
    const other = await heard(bursts(8, shift).map((value) => value * 0.3));
    expect(findOffset(whole, other)).toBeCloseTo(shift, 1);
  });

  it('are not forced together where they are unlike', async () => {
    expect(findOffset(await heard(bursts(12, 0, 1)), await heard(bursts(12, 0, 99)))).toBeUndefined();
    expect(findOffset(await heard(new Float32Array(rate * 4)), await heard(bursts(4, 0)))).toBeUndefined();
  });
});
