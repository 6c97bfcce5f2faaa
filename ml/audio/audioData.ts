import { MlError } from '../errors';

/** Decoded sound: one Float32Array for each channel, all of one length, full scale is ±1. */
export interface AudioData {
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: readonly Float32Array[];
}

/** Pieces of one channel as a whole. */
export function joinedPieces(pieces: readonly Float32Array[]): Float32Array {
  const samples = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    samples.set(piece, offset);
    offset += piece.length;
  }
  return samples;
}

/** The mean of all channels; a single channel is returned as it is, not copied. */
export function mixdown(audio: AudioData): Float32Array {
  const [first, ...others] = audio.channels;
  if (first === undefined) throw new MlError('audio.invalid', 'The sound has no channel.');
  if (others.length === 0) return first;
  const mono = new Float32Array(first);
  for (const channel of others) {
    for (let i = 0; i < mono.length; i++) mono[i] = (mono[i] ?? 0) + (channel[i] ?? 0);
  }
  const scale = 1 / audio.channels.length;
  for (let i = 0; i < mono.length; i++) mono[i] = (mono[i] ?? 0) * scale;
  return mono;
}
