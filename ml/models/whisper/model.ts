/** Whisper (Radford et al. 2022) as transformers lays it out: 30 s of sound in, tokens out. */
import * as tf from '@tensorflow/tfjs-core';
import type { Frames } from '../../dsp/stft';
import { MlError } from '../../errors';
import { ModelTensors } from '../../weights/modelTensors';
import { rooted } from '../../weights/views';
import type { Weights } from '../../weights/weights';
import { activationOf } from '../shared/ops';
import type { WhisperConfig } from './config';
import {
  crossKeyValues,
  runDecoder,
  takeDecoder,
  takeTable,
  type KeyValue,
  type WhisperDecoder,
} from './decoder';
import { encode, takeEncoder, type WhisperEncoder } from './encoder';

/** What a window's sound and the tokens so far left behind, so that each is computed once. */
export class WhisperCache {
  /** @internal */
  own: readonly KeyValue[] = [];
  tokens = 0;

  /** @internal @param cross of the sound, for each layer; shared with copies that `fork` makes */
  constructor(readonly cross: readonly KeyValue[]) {}

  /** @internal Takes what a step left in place of what was before it. */
  advance(own: readonly KeyValue[], tokens: number): void {
    disposeAll(this.own);
    this.own = own;
    this.tokens += tokens;
  }

  /** Row i goes on from what row `from[i]` was: beams that branch or end. */
  reorder(from: readonly number[]): void {
    const moved = this.own.map(({ keys, values }) => ({
      keys: rows(keys, from),
      values: rows(values, from),
    }));
    disposeAll(this.own);
    this.own = moved;
  }

  /** Forgets the tokens; the sound stays. */
  restart(): void {
    disposeAll(this.own);
    this.own = [];
    this.tokens = 0;
  }

  dispose(): void {
    this.restart();
    disposeAll(this.cross);
  }
}

function rows(x: tf.Tensor4D, from: readonly number[]): tf.Tensor4D {
  return tf.tidy(() => tf.gather(x, tf.tensor1d([...from], 'int32')));
}

function disposeAll(all: readonly KeyValue[]): void {
  for (const { keys, values } of all) tf.dispose([keys, values]);
}

export interface WhisperOutput {
  /** After the last normalisation, `[batch · tokens, width]`. */
  readonly hidden: tf.Tensor2D;
  /** Unnormalised scores, `[batch · tokens, vocabulary]`, or of each row's last token alone. */
  readonly logits: tf.Tensor2D;
}

export class Whisper {
  private constructor(
    readonly config: WhisperConfig,
    private readonly tensors: readonly ModelTensors[],
    private readonly encoder: WhisperEncoder,
    private readonly decoder: WhisperDecoder,
    /** `[width, vocabulary]` */
    private readonly output: tf.Tensor2D,
  ) {}

  /** Rejects with `model.corrupt` when the weights are not those of the config. Frees what it has read then. */
  static async load(weights: Weights, config: WhisperConfig): Promise<Whisper> {
    const tensors = new ModelTensors(rooted(weights, ['model.', ''], 'decoder.embed_tokens.weight'));
    const outer = new ModelTensors(weights);
    try {
      activationOf(config.activation);
      const encoder = await takeEncoder(tensors, config);
      const decoder = await takeDecoder(tensors, config);
      const untied = !config.tied && weights.has('proj_out.weight');
      const output = untied ? await takeTable(outer, 'proj_out.weight', config) : decoder.words;
      return new Whisper(config, [tensors, outer], encoder, decoder, output);
    } catch (error) {
      tensors.dispose();
      outer.dispose();
      throw error;
    }
  }

  /** `[positions, width]`, the caller's. @param tap with what the convolutions give */
  encode(mel: Frames, tap?: (x: tf.Tensor2D) => void): tf.Tensor2D {
    return encode(this.encoder, mel, this.config, tap);
  }

  /** What the decoder needs of a sound; the caller disposes it. */
  listen(encoded: tf.Tensor2D): WhisperCache {
    return new WhisperCache(crossKeyValues(this.decoder, encoded, this.config.decoder.heads));
  }

  /**
   * Runs new tokens, which the cache takes in. The caller disposes both tensors. Throws `input.invalid`.
   * @param batch rows of the same number of tokens, one after the other
   */
  forward(
    ids: readonly number[],
    cache: WhisperCache,
    { batch = 1, lastOnly = false }: { readonly batch?: number; readonly lastOnly?: boolean } = {},
  ): WhisperOutput {
    const tokens = ids.length / batch;
    this.check(ids, cache.tokens + tokens);
    const { hidden, own } = runDecoder(this.decoder, ids, batch, cache, cache.cross, this.config);
    cache.advance(own, tokens);
    const logits = tf.tidy(() => {
      const asked = lastOnly && tokens > 1 ? lastOfEach(hidden, batch) : hidden;
      return tf.matMul<tf.Tensor2D>(asked, this.output);
    });
    return { hidden, logits };
  }

  private check(ids: readonly number[], total: number): void {
    const { vocabulary, targetPositions } = this.config;
    const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabulary);
    if (wrong !== undefined || ids.length === 0) {
      const what = wrong === undefined ? 'No token was given' : `Token ${wrong} is not among them`;
      throw new MlError('input.invalid', `The model has ${vocabulary} tokens: ${what}.`);
    }
    if (total > targetPositions) {
      throw new MlError('input.invalid', `${total} tokens are more than the model's ${targetPositions}.`);
    }
  }

  dispose(): void {
    for (const tensors of this.tensors) tensors.dispose();
  }
}

function lastOfEach(hidden: tf.Tensor2D, batch: number): tf.Tensor2D {
  const [count, width] = hidden.shape;
  const apart = tf.reshape(hidden, [batch, count / batch, width]);
  return tf.reshape(tf.slice(apart, [0, count / batch - 1, 0], [-1, 1, -1]), [batch, width]);
}
