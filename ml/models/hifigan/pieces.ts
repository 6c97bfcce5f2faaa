/** A waveform piece by piece, so that it can be heard before all of it is there. */
import * as tf from '@tensorflow/tfjs-core';
import type { Generator } from './generator';

export interface PieceOptions {
  /** Frames of the first piece; each after it has twice as many, up to `most`. */
  readonly first?: number;
  readonly most?: number;
  /** `[1, 1, 1, speaker]` of a model with several; stays the caller's. */
  readonly speaker?: tf.Tensor4D | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The same samples as of the whole, in order. Each piece is computed with as many frames around it as its samples
 * depend on, so that there is no seam.
 * @param latents `[1, 1, frames, inputs]`; stays the caller's
 */
export async function* decodeInPieces(
  generator: Generator,
  latents: tf.Tensor4D,
  { first = 32, most = 256, speaker, signal }: PieceOptions = {},
): AsyncGenerator<Float32Array, void, void> {
  const frames = latents.shape[2];
  let size = first;
  for (let from = 0; from < frames;) {
    signal?.throwIfAborted();
    // What is left is not worth a piece of its own.
    const to = frames - from <= size + generator.reach ? frames : from + size;
    yield await decodePiece(generator, latents, from, to, speaker);
    from = to;
    size = Math.min(most, 2 * size);
  }
}

async function decodePiece(
  generator: Generator,
  latents: tf.Tensor4D,
  from: number,
  to: number,
  speaker: tf.Tensor4D | undefined,
): Promise<Float32Array> {
  const { reach, hop } = generator;
  const [, , frames, channels] = latents.shape;
  const [start, end] = [Math.max(0, from - reach), Math.min(frames, to + reach)];
  const wave = tf.tidy(() => {
    const seen = tf.slice4d(latents, [0, 0, start, 0], [1, 1, end - start, channels]);
    return generator.decode(seen, speaker);
  });
  try {
    const samples = await wave.data<'float32'>();
    const last = to === frames ? samples.length : (to - start) * hop;
    return samples.slice((from - start) * hop, last);
  } finally {
    wave.dispose();
  }
}
