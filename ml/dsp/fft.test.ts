import { describe, expect, it } from 'vitest';
import { ComplexFft, RealFft } from './fft';

const noise = (length: number, seed: number) =>
  Float64Array.from(
    { length },
    (_, i) => Math.sin((i + seed) * 12.9898) * 0.7 + Math.cos(i * i * 0.37 + seed),
  );

/** The definition, term by term. */
function direct(re: Float64Array, im: Float64Array, k: number): [number, number] {
  let [x, y] = [0, 0];
  for (let i = 0; i < re.length; i++) {
    const angle = (-2 * Math.PI * ((i * k) % re.length)) / re.length;
    const [a, b] = [re[i] ?? 0, im[i] ?? 0];
    x += a * Math.cos(angle) - b * Math.sin(angle);
    y += a * Math.sin(angle) + b * Math.cos(angle);
  }
  return [x, y];
}

// Powers of two, mixed radices (400 is Whisper's window), odd, primes below and above the Bluestein border.
describe.each([1, 2, 3, 4, 5, 8, 12, 15, 31, 37, 74, 100, 101, 200, 400, 512])('length %i', (length) => {
  it('equals the definition for complex and real signals', () => {
    const [re, im] = [noise(length, 1), noise(length, 2)];
    const [gotRe, gotIm] = [re.slice(), im.slice()];
    new ComplexFft(length).forward(gotRe, gotIm);
    const real = new RealFft(length);
    real.forward(re);
    for (let k = 0; k < length; k++) {
      const [x, y] = direct(re, im, k);
      expect(gotRe[k]).toBeCloseTo(x, 9);
      expect(gotIm[k]).toBeCloseTo(y, 9);
    }
    expect(real.bins).toBe(Math.floor(length / 2) + 1);
    for (let k = 0; k < real.bins; k++) {
      const [x, y] = direct(re, new Float64Array(length), k);
      expect(real.re[k]).toBeCloseTo(x, 9);
      expect(real.im[k]).toBeCloseTo(y, 9);
    }
  });
});

it('refuses a length of nothing', () => {
  expect(() => new ComplexFft(0)).toThrow(RangeError);
});
