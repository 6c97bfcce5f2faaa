/** All layers of a transformer encoder, as one program where the engine can make one. */
import type * as tf from '@tensorflow/tfjs-core';
import { CompiledSet } from '../../kernels/compiled';
import { isWhole } from './attention';
import { runEncoderLayer, type EncoderLayer, type EncoderShape } from './encoderLayer';

export class EncoderStack {
  private readonly compiled = new CompiledSet();

  constructor(
    private readonly layers: readonly EncoderLayer[],
    private readonly shape: EncoderShape,
  ) {}

  /**
   * @param x `[batch · tokens, width]`, stays the caller's; where layers normalise first, without its mean
   * @param mask of keys, `[batch, 1, 1, tokens]`, added to the scores
   * @returns the caller's
   */
  run(x: tf.Tensor2D, batch: number, mask: tf.Tensor4D | undefined): tf.Tensor2D {
    if (!isWhole(batch, x.shape[0] / batch, this.shape.heads)) return this.each(x, batch, mask);
    const kind = `${batch} ${mask === undefined ? 'whole' : 'masked'}`;
    const program = this.compiled.of(kind, ([given, hidden]) => [
      this.each(given as tf.Tensor2D, batch, hidden as tf.Tensor4D | undefined),
    ]);
    return program.run(mask === undefined ? [x] : [x, mask])[0] as tf.Tensor2D;
  }

  private each(x: tf.Tensor2D, batch: number, mask: tf.Tensor4D | undefined): tf.Tensor2D {
    return this.layers.reduce((state, layer, i) => {
      const next = runEncoderLayer(layer, state, batch, mask, this.shape);
      if (i > 0) state.dispose();
      return next;
    }, x);
  }

  dispose(): void {
    this.compiled.dispose();
  }
}
