/** The worker's end: windows in, columns out. Built into a file of its own, which the page starts from a blob. */
import { Spectra, type Scale } from './spectra';

interface Scope {
  onmessage: ((event: { readonly data: SpectraRequest }) => void) | null;
  postMessage(message: SpectraAnswer, transfer: readonly ArrayBufferLike[]): void;
}
export interface SpectraRequest {
  readonly id: number;
  readonly sampleRate: number;
  readonly scale: Scale;
  readonly windows: Float32Array;
}
export interface SpectraAnswer {
  readonly id: number;
  readonly columns: Uint8Array;
}

const scope = globalThis as unknown as Scope;
const made = new Map<string, Spectra>();

scope.onmessage = ({ data: { id, sampleRate, scale, windows } }) => {
  const key = `${sampleRate} ${scale}`;
  const spectra = made.get(key) ?? new Spectra(sampleRate, scale);
  made.set(key, spectra);
  const columns = spectra.columns(windows);
  scope.postMessage({ id, columns }, [columns.buffer]);
};
