/**
 * Discrete Fourier transform of any length: Stockham's mixed-radix algorithm (no bit reversal), and Bluestein's
 * for lengths with a large prime factor. Double precision inside.
 */

type Signal = Float32Array | Float64Array;

/** Larger prime factors make the direct butterfly slower than Bluestein's three transforms. */
const largestDirectFactor = 31;

function factorise(length: number): number[] {
  const factors: number[] = [];
  let rest = length;
  for (const radix of [4, 2]) {
    while (rest % radix === 0) {
      factors.push(radix);
      rest /= radix;
    }
  }
  for (let radix = 3; rest > 1; radix += 2) {
    if (radix * radix > rest) radix = rest;
    while (rest % radix === 0) {
      factors.push(radix);
      rest /= radix;
    }
  }
  return factors;
}

function roots(length: number): { cos: Float64Array; sin: Float64Array } {
  const cos = new Float64Array(length);
  const sin = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    cos[i] = Math.cos((2 * Math.PI * i) / length);
    sin[i] = -Math.sin((2 * Math.PI * i) / length);
  }
  return { cos, sin };
}

/** Forward transform of complex signals of one length, in place, without scaling. */
export class ComplexFft {
  private readonly factors: readonly number[];
  private readonly bluestein: Bluestein | undefined;
  private readonly table: { cos: Float64Array; sin: Float64Array };
  private spareRe: Float64Array;
  private spareIm: Float64Array;

  constructor(readonly length: number) {
    if (!Number.isInteger(length) || length < 1) throw new RangeError(`No transform of length ${length}.`);
    this.factors = factorise(length);
    this.bluestein = this.factors.some((f) => f > largestDirectFactor) ? new Bluestein(length) : undefined;
    this.table = roots(this.bluestein === undefined ? length : 1);
    this.spareRe = new Float64Array(length);
    this.spareIm = new Float64Array(length);
  }

  forward(re: Float64Array, im: Float64Array): void {
    if (this.bluestein !== undefined) {
      this.bluestein.forward(re, im);
      return;
    }
    let [fromRe, fromIm, toRe, toIm] = [re, im, this.spareRe, this.spareIm];
    let rest = this.length;
    let stride = 1;
    for (const radix of this.factors) {
      if (radix === 4) this.passOfFour(rest / 4, stride, fromRe, fromIm, toRe, toIm);
      else this.pass(radix, rest / radix, stride, fromRe, fromIm, toRe, toIm);
      [fromRe, fromIm, toRe, toIm] = [toRe, toIm, fromRe, fromIm];
      rest /= radix;
      stride *= radix;
    }
    if (fromRe !== re) {
      re.set(fromRe);
      im.set(fromIm);
    }
  }

  /** One decimation in frequency: `radix` sums of `radix` terms for each of `groups * stride` places. */
  private pass(
    radix: number,
    groups: number,
    stride: number,
    fromRe: Float64Array,
    fromIm: Float64Array,
    toRe: Float64Array,
    toIm: Float64Array,
  ): void {
    const { cos, sin } = this.table;
    const n = this.length;
    const leap = n / radix;
    for (let q = 0; q < groups; q++) {
      for (let k = 0; k < radix; k++) {
        const turn = q * k * stride;
        const target = stride * (radix * q + k);
        for (let r = 0; r < stride; r++) {
          let sumRe = 0;
          let sumIm = 0;
          for (let j = 0, angle = turn; j < radix; j++, angle += k * leap) {
            const at = r + stride * (q + groups * j);
            const w = angle % n;
            const c = cos[w] ?? 0;
            const s = sin[w] ?? 0;
            const x = fromRe[at] ?? 0;
            const y = fromIm[at] ?? 0;
            sumRe += x * c - y * s;
            sumIm += x * s + y * c;
          }
          toRe[target + r] = sumRe;
          toIm[target + r] = sumIm;
        }
      }
    }
  }

  /** The same for a radix of 4, whose inner roots are 1, i, −1 and −i: no multiplications by them. */
  private passOfFour(
    groups: number,
    stride: number,
    fromRe: Float64Array,
    fromIm: Float64Array,
    toRe: Float64Array,
    toIm: Float64Array,
  ): void {
    const { cos, sin } = this.table;
    const leap = stride * groups;
    for (let q = 0; q < groups; q++) {
      const turn = q * stride;
      const c1 = cos[turn] ?? 0;
      const s1 = sin[turn] ?? 0;
      const c2 = cos[2 * turn] ?? 0;
      const s2 = sin[2 * turn] ?? 0;
      const c3 = cos[3 * turn] ?? 0;
      const s3 = sin[3 * turn] ?? 0;
      for (let at = turn, to = 4 * turn; at < turn + stride; at++, to++) {
        const x0 = fromRe[at] ?? 0;
        const y0 = fromIm[at] ?? 0;
        const x1 = fromRe[at + leap] ?? 0;
        const y1 = fromIm[at + leap] ?? 0;
        const x2 = fromRe[at + 2 * leap] ?? 0;
        const y2 = fromIm[at + 2 * leap] ?? 0;
        const x3 = fromRe[at + 3 * leap] ?? 0;
        const y3 = fromIm[at + 3 * leap] ?? 0;
        const evenX = x0 + x2;
        const evenY = y0 + y2;
        const oddX = x1 + x3;
        const oddY = y1 + y3;
        toRe[to] = evenX + oddX;
        toIm[to] = evenY + oddY;
        const aX = x0 - x2 + (y1 - y3);
        const aY = y0 - y2 - (x1 - x3);
        toRe[to + stride] = aX * c1 - aY * s1;
        toIm[to + stride] = aX * s1 + aY * c1;
        const bX = evenX - oddX;
        const bY = evenY - oddY;
        toRe[to + 2 * stride] = bX * c2 - bY * s2;
        toIm[to + 2 * stride] = bX * s2 + bY * c2;
        const dX = x0 - x2 - (y1 - y3);
        const dY = y0 - y2 + (x1 - x3);
        toRe[to + 3 * stride] = dX * c3 - dY * s3;
        toIm[to + 3 * stride] = dX * s3 + dY * c3;
      }
    }
  }
}

/** A transform of any length as a convolution with a chirp, at a power of two (Bluestein 1970). */
class Bluestein {
  private readonly padded: ComplexFft;
  private readonly chirpRe: Float64Array;
  private readonly chirpIm: Float64Array;
  private readonly kernelRe: Float64Array;
  private readonly kernelIm: Float64Array;

  constructor(private readonly length: number) {
    this.padded = new ComplexFft(2 ** Math.ceil(Math.log2(2 * length - 1)));
    const size = this.padded.length;
    this.chirpRe = new Float64Array(length);
    this.chirpIm = new Float64Array(length);
    this.kernelRe = new Float64Array(size);
    this.kernelIm = new Float64Array(size);
    for (let i = 0; i < length; i++) {
      // i² modulo 2n keeps the angle small, and so exact.
      const angle = (Math.PI * ((i * i) % (2 * length))) / length;
      this.chirpRe[i] = Math.cos(angle);
      this.chirpIm[i] = -Math.sin(angle);
      for (const at of [i, (size - i) % size]) {
        this.kernelRe[at] = Math.cos(angle);
        this.kernelIm[at] = Math.sin(angle);
      }
    }
    this.padded.forward(this.kernelRe, this.kernelIm);
  }

  forward(re: Float64Array, im: Float64Array): void {
    const size = this.padded.length;
    const a = new Float64Array(size);
    const b = new Float64Array(size);
    for (let i = 0; i < this.length; i++) multiply(re, im, this.chirpRe, this.chirpIm, i, a, b);
    this.padded.forward(a, b);
    // The inverse transform is the forward one with the parts exchanged, so the product is stored that way.
    for (let i = 0; i < size; i++) multiply(a, b, this.kernelRe, this.kernelIm, i, a, b);
    this.padded.forward(b, a);
    for (let i = 0; i < this.length; i++) {
      a[i] = (a[i] ?? 0) / size;
      b[i] = (b[i] ?? 0) / size;
      multiply(a, b, this.chirpRe, this.chirpIm, i, re, im);
    }
  }
}

function multiply(
  xRe: Float64Array,
  xIm: Float64Array,
  yRe: Float64Array,
  yIm: Float64Array,
  i: number,
  outRe: Float64Array,
  outIm: Float64Array,
): void {
  const [a, b, c, d] = [xRe[i] ?? 0, xIm[i] ?? 0, yRe[i] ?? 0, yIm[i] ?? 0];
  outRe[i] = a * c - b * d;
  outIm[i] = a * d + b * c;
}

/** Spectrum of real signals of one length: `floor(length / 2) + 1` bins, from 0 Hz on. */
export class RealFft {
  readonly bins: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
  private readonly complex: ComplexFft;
  private readonly packed: boolean;
  private readonly workRe: Float64Array;
  private readonly workIm: Float64Array;
  private readonly table: { cos: Float64Array; sin: Float64Array };

  constructor(readonly length: number) {
    // An even length is transformed as half as many complex numbers.
    this.packed = length % 2 === 0;
    this.complex = new ComplexFft(this.packed ? length / 2 : length);
    this.bins = Math.floor(length / 2) + 1;
    this.re = new Float64Array(this.bins);
    this.im = new Float64Array(this.bins);
    this.workRe = new Float64Array(this.complex.length);
    this.workIm = new Float64Array(this.complex.length);
    this.table = roots(length);
  }

  /** Leaves the spectrum in `re` and `im`, which the next call overwrites. */
  forward(signal: Signal): void {
    const { workRe, workIm, re, im } = this;
    if (!this.packed) {
      workRe.set(signal);
      workIm.fill(0);
      this.complex.forward(workRe, workIm);
      re.set(workRe.subarray(0, this.bins));
      im.set(workIm.subarray(0, this.bins));
      return;
    }
    const half = this.length / 2;
    for (let i = 0; i < half; i++) {
      workRe[i] = signal[2 * i] ?? 0;
      workIm[i] = signal[2 * i + 1] ?? 0;
    }
    this.complex.forward(workRe, workIm);
    for (let k = 0; k <= half; k++) this.unpack(k, half);
  }

  private unpack(k: number, half: number): void {
    const a = this.workRe[k % half] ?? 0;
    const b = this.workIm[k % half] ?? 0;
    const c = this.workRe[(half - k) % half] ?? 0;
    const d = this.workIm[(half - k) % half] ?? 0;
    const oddRe = (b + d) / 2;
    const oddIm = (c - a) / 2;
    const cos = this.table.cos[k] ?? 0;
    const sin = this.table.sin[k] ?? 0;
    this.re[k] = (a + c) / 2 + oddRe * cos - oddIm * sin;
    this.im[k] = (b - d) / 2 + oddRe * sin + oddIm * cos;
  }
}
