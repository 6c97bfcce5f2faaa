/** Whisper (Radford et al. 2022) as transformers lays it out: 30 s of sound in, tokens out. */
import * as tf from '@tensorflow/tfjs-core';
import type { Frames } from '../../dsp/stft';
import { MlError } from '../../errors';
import { CompiledSet } from '../../kernels/compiled';
import { ModelTensors } from '../../weights/modelTensors';
import { rooted } from '../../weights/views';
import type { Weights } from '../../weights/weights';
import { activationOf, linear } from '../shared/ops';
import type { WhisperConfig } from './config';
import {
  crossKeyValues,
  runDecoder,
  takeDecoder,
  takeTable,
  type KeyValue,
  type TokenRows,
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

function rows(x: tf.Tensor, from: readonly number[]): tf.Tensor {
  return tf.tidy(() => tf.gather(x, tf.tensor1d([...from], 'int32')));
}

function disposeAll(all: readonly KeyValue[]): void {
  for (const { keys, values } of all) tf.dispose([keys, values]);
}

const flat = (all: readonly KeyValue[]): tf.Tensor[] => all.flatMap(({ keys, values }) => [keys, values]);

function inPairs(tensors: readonly tf.Tensor[]): KeyValue[] {
  return Array.from({ length: tensors.length / 2 }, (_, i) => ({
    keys: tensors[2 * i] as tf.Tensor,
    values: tensors[2 * i + 1] as tf.Tensor,
  }));
}

function tokenRows(ids: readonly number[], batch: number, past: number): TokenRows {
  const tokens = ids.length / batch;
  return {
    words: tf.tensor1d([...ids], 'int32'),
    places: tf.tensor1d(
      Array.from({ length: tokens }, (_, i) => past + i),
      'int32',
    ),
    batch,
    tokens,
    past,
  };
}

export interface WhisperOutput {
  /** After the last normalisation, `[batch · tokens, width]`. */
  readonly hidden: tf.Tensor2D;
  /** Unnormalised scores, `[batch · tokens, vocabulary]`, or of each row's last token alone. */
  readonly logits: tf.Tensor2D;
}

export class Whisper {
  private readonly compiled = new CompiledSet();

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
    if (tokens === 1 && cache.tokens > 0) return this.step(ids, cache);
    const rows = tokenRows(ids, batch, cache.tokens);
    const { hidden, own } = runDecoder(this.decoder, rows, cache.own, cache.cross, this.config);
    tf.dispose([rows.words, rows.places]);
    cache.advance(own, tokens);
    const logits = tf.tidy(() => {
      const asked = lastOnly && tokens > 1 ? lastOfEach(hidden, batch) : hidden;
      return linear(asked, this.output);
    });
    return { hidden, logits };
  }

  /** One more token of each row. */
  private step(ids: readonly number[], cache: WhisperCache): WhisperOutput {
    const batch = ids.length;
    const layers = cache.own.length;
    const program = this.compiled.of(String(batch), ([words, places, ...rest]) => {
      const pairs = inPairs(rest);
      const rows = { words, places, batch, tokens: 1, past: 1 } as TokenRows;
      const { hidden, own } = runDecoder(
        this.decoder,
        rows,
        pairs.slice(0, layers),
        pairs.slice(layers),
        this.config,
      );
      return [hidden, linear(hidden, this.output), ...flat(own)];
    });
    const given = tf.tidy(() => [tf.tensor1d([...ids], 'int32'), tf.tensor1d([cache.tokens], 'int32')]);
    const [hidden, logits, ...own] = program.run([...given, ...flat(cache.own), ...flat(cache.cross)]);
    tf.dispose(given);
    own.forEach(tf.keep);
    cache.advance(inPairs(own), 1);
    return { hidden: hidden as tf.Tensor2D, logits: logits as tf.Tensor2D };
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
    this.encoder.stack.dispose();
    this.compiled.dispose();
    for (const tensors of this.tensors) tensors.dispose();
  }
}

function lastOfEach(hidden: tf.Tensor2D, batch: number): tf.Tensor2D {
  const [count, width] = hidden.shape;
  const apart = tf.reshape(hidden, [batch, count / batch, width]);
  return tf.reshape(tf.slice(apart, [0, count / batch - 1, 0], [-1, 1, -1]), [batch, width]);
}
