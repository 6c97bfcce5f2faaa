import { ComplexFft } from './fft';

/** Real signals of one length from their `floor(length / 2) + 1` bins; the inverse of `RealFft`, with its scaling. */
export class InverseRealFft {
  readonly bins: number;
  private readonly complex: ComplexFft;
  private readonly workRe: Float64Array;
  private readonly workIm: Float64Array;
  private readonly cos: Float64Array;
  private readonly sin: Float64Array;

  constructor(readonly length: number) {
    // An even length is transformed as half as many complex numbers.
    this.complex = new ComplexFft(length % 2 === 0 ? length / 2 : length);
    this.bins = Math.floor(length / 2) + 1;
    this.workRe = new Float64Array(this.complex.length);
    this.workIm = new Float64Array(this.complex.length);
    const angles = Float64Array.from({ length: this.bins }, (_, k) => (2 * Math.PI * k) / length);
    this.cos = angles.map(Math.cos);
    this.sin = angles.map(Math.sin);
  }

  /** Writes `length` samples. The imaginary parts of the first and, for an even length, the last bin do not count. */
  inverse(re: Float64Array, im: Float64Array, signal: Float64Array): void {
    const { workRe, workIm } = this;
    const size = workRe.length;
    if (this.length % 2 === 0) this.pack(re, im);
    else this.mirror(re, im);
    // The inverse transform is the forward one with the parts exchanged.
    this.complex.forward(workIm, workRe);
    if (this.length % 2 === 1) {
      for (let i = 0; i < size; i++) signal[i] = (workRe[i] ?? 0) / size;
      return;
    }
    for (let i = 0; i < size; i++) {
      signal[2 * i] = (workRe[i] ?? 0) / size;
      signal[2 * i + 1] = (workIm[i] ?? 0) / size;
    }
  }

  /** The spectrum of even samples plus i times that of odd samples. */
  private pack(re: Float64Array, im: Float64Array): void {
    const half = this.length / 2;
    for (let k = 0; k < half; k++) {
      const edge = k === 0 ? 0 : 1;
      const a = re[k] ?? 0;
      const b = edge * (im[k] ?? 0);
      const c = re[half - k] ?? 0;
      const d = -edge * (im[half - k] ?? 0);
      const oddRe = (a - c) / 2;
      const oddIm = (b - d) / 2;
      const cos = this.cos[k] ?? 0;
      const sin = this.sin[k] ?? 0;
      const turnedRe = oddRe * cos - oddIm * sin;
      const turnedIm = oddRe * sin + oddIm * cos;
      this.workRe[k] = (a + c) / 2 - turnedIm;
      this.workIm[k] = (b + d) / 2 + turnedRe;
    }
  }

  private mirror(re: Float64Array, im: Float64Array): void {
    for (let k = 0; k < this.bins; k++) {
      const [a, b] = [re[k] ?? 0, k === 0 ? 0 : (im[k] ?? 0)];
      this.workRe[k] = a;
      this.workIm[k] = b;
      const other = (this.length - k) % this.length;
      this.workRe[other] = a;
      this.workIm[other] = -b;
    }
  }
}
