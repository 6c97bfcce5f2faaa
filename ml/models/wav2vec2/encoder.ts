/** The encoder of Wav2Vec2 (Baevski et al. 2020): samples to what it makes of each 20 ms, in the layouts of base and large (XLSR). */
import * as tf from '@tensorflow/tfjs-core';
import { ModelTensors } from '../../weights/modelTensors';
import { rooted } from '../../weights/views';
import type { Weights } from '../../weights/weights';
import { paddingMask, usedOf } from '../shared/attention';
import { takeDense, takeNorm, type Dense, type Norm } from '../shared/dense';
import { takeEncoderLayer, type EncoderLayer, type EncoderNames } from '../shared/encoderLayer';
import { EncoderStack } from '../shared/encoderStack';
import { activationOf, centre, layerNorm, linear, standardize } from '../shared/ops';
import { framesOf, type Wav2Vec2Config } from './config';
import { extractFeatures, takeFeatureExtractor, type FeatureExtractor } from './features';
import { runPositions, takePositions, type PositionConv } from './positions';

interface Parts {
  readonly extractor: FeatureExtractor;
  /** Its normalisation is folded in. */
  readonly projection: Dense;
  readonly positions: PositionConv;
  readonly norm: Norm;
  readonly layers: readonly EncoderLayer[];
}

export type Stage = 'features' | 'projection' | 'positions' | 'hidden';
/** Called with what each stage gives, `[batch, frames, width]`; the tensor is freed afterwards. */
export type Tap = (stage: Stage, x: tf.Tensor3D) => void;

export interface ForwardOptions {
  /** Samples in use of each row, which are told apart from what fills it up; all by default, and then no row is masked. */
  readonly lengths?: readonly number[];
  readonly tap?: Tap;
}

export class Wav2Vec2Encoder {
  private readonly stack: EncoderStack;

  private constructor(
    readonly config: Wav2Vec2Config,
    private readonly tensors: ModelTensors,
    private readonly parts: Parts,
  ) {
    this.stack = new EncoderStack(parts.layers, config);
  }

  /** Rejects with `model.corrupt` when the weights are not those of the config. Frees what it has read then. */
  static async load(weights: Weights, config: Wav2Vec2Config): Promise<Wav2Vec2Encoder> {
    const probe = 'feature_projection.projection.weight';
    const tensors = new ModelTensors(rooted(weights, ['wav2vec2.', ''], probe));
    try {
      activationOf(config.convActivation);
      return new Wav2Vec2Encoder(config, tensors, await takeParts(tensors, config));
    } catch (error) {
      tensors.dispose();
      throw error;
    }
  }

  /**
   * What the last layer makes of each frame, `[batch · frames, width]`, the caller's.
   * @param rows samples at the model's rate, normalised, of one length
   */
  forward(rows: readonly Float32Array[], { lengths, tap }: ForwardOptions = {}): tf.Tensor2D {
    const { config } = this;
    return tf.tidy(() => {
      const projected = this.project(rows, tap);
      const [batch, frames, width] = projected.shape;
      const used = lengths?.map((length) => framesOf(length, config.convs));
      const padded = used?.some((count) => count < frames) === true ? usedOf(used, frames) : undefined;
      const placed = this.place(projected, padded);
      projected.dispose();
      tap?.('positions', placed);
      const mask = padded === undefined ? undefined : paddingMask(padded, batch);
      const flat = tf.reshape<tf.Rank.R2>(placed, [batch * frames, width]);
      placed.dispose();
      const x = this.stack.run(config.normFirst ? centre(flat) : flat, batch, mask);
      const hidden = config.normFirst ? this.normalize(x) : x;
      tap?.('hidden', tf.reshape(hidden, [batch, frames, width]));
      return hidden;
    });
  }

  private project(rows: readonly Float32Array[], tap: Tap | undefined): tf.Tensor3D {
    const { extractor, projection } = this.parts;
    const { config } = this;
    return tf.tidy(() => {
      const each = rows.map((row) => extractFeatures(extractor, row, config));
      const features = each.length === 1 ? (each[0] as tf.Tensor2D) : tf.concat(each);
      const shape = (width: number): [number, number, number] => [
        rows.length,
        features.shape[0] / rows.length,
        width,
      ];
      tap?.('features', tf.reshape(features, shape(features.shape[1])));
      const unit = standardize(features, config.epsilon);
      const projected = tf.reshape<tf.Rank.R3>(
        linear(unit, projection.kernel, projection.bias),
        shape(config.width),
      );
      tap?.('projection', projected);
      return projected;
    });
  }

  /** @param used 0 for frames that only fill a row up: they are silent for their neighbours */
  private place(projected: tf.Tensor3D, used: Uint8Array | undefined): tf.Tensor3D {
    return tf.tidy(() => {
      const [batch, frames] = projected.shape;
      const audible: tf.Tensor3D =
        used === undefined
          ? projected
          : tf.mul(projected, tf.tensor3d(Float32Array.from(used), [batch, frames, 1]));
      const placed = runPositions(this.parts.positions, audible, this.config);
      return this.config.normFirst ? placed : this.normalize(placed);
    });
  }

  private normalize<T extends tf.Tensor>(x: T): T {
    const { gamma, beta } = this.parts.norm;
    return layerNorm(x, gamma, beta, this.config.epsilon);
  }

  dispose(): void {
    this.stack.dispose();
    this.tensors.dispose();
  }
}

async function takeParts(tensors: ModelTensors, config: Wav2Vec2Config): Promise<Parts> {
  const channels = config.convs.at(-1)?.to ?? 1;
  const extractor = await takeFeatureExtractor(tensors, config);
  const before = await takeNorm(tensors, 'feature_projection.layer_norm', channels);
  const projection = [{ name: 'feature_projection.projection' }];
  const parts = {
    extractor,
    projection: await takeDense(tensors, projection, [channels, config.width], {
      after: before,
    }),
    positions: await takePositions(tensors, config),
    norm: await takeNorm(tensors, 'encoder.layer_norm', config.width),
  };
  const layers: EncoderLayer[] = [];
  for (let i = 0; i < config.layers; i++) {
    layers.push(await takeEncoderLayer(tensors, layerNames(`encoder.layers.${i}`), config));
  }
  return { ...parts, layers };
}

const layerNames = (at: string): EncoderNames => ({
  query: `${at}.attention.q_proj`,
  key: `${at}.attention.k_proj`,
  value: `${at}.attention.v_proj`,
  attentionOut: `${at}.attention.out_proj`,
  attentionNorm: `${at}.layer_norm`,
  widen: `${at}.feed_forward.intermediate_dense`,
  narrow: `${at}.feed_forward.output_dense`,
  finalNorm: `${at}.final_layer_norm`,
});
