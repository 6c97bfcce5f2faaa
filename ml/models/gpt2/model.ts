/** GPT-2 (Radford et al. 2019) as transformers lays it out: text generation, one sequence at a time. */
import * as tf from '@tensorflow/tfjs-core';
import { MlError } from '../../errors';
import { ModelTensors } from '../../weights/modelTensors';
import { rooted } from '../../weights/views';
import type { Weights } from '../../weights/weights';
import { activationOf, layerNorm } from '../shared/ops';
import { loadBlock, norm, runBlock, type BlockCache, type BlockWeights } from './block';
import type { Gpt2Config } from './config';

/** What a text's tokens left behind, so that each is computed once. */
export class Gpt2Cache {
  /** @internal */
  layers: readonly BlockCache[] = [];
  tokens = 0;

  /** Frees the tensors; the cache is empty then. */
  dispose(): void {
    for (const { keys, values } of this.layers) tf.dispose([keys, values]);
    this.layers = [];
    this.tokens = 0;
  }
}

/** Called with the hidden states after the embeddings (0) and after each block; the tensor is freed afterwards. */
export type Tap = (layer: number, hidden: tf.Tensor2D) => void;

export interface Gpt2Output {
  /** After the last normalisation, `[tokens, width]`. */
  readonly hidden: tf.Tensor2D;
  /** Unnormalised scores of the next token, `[tokens or 1, vocabulary]`. */
  readonly logits: tf.Tensor2D;
}

export interface ForwardOptions {
  /** Tokens before these; it takes these in. */
  readonly cache?: Gpt2Cache;
  /** Scores for the last token only. */
  readonly lastOnly?: boolean;
  readonly tap?: Tap;
}

export class Gpt2 {
  private constructor(
    readonly config: Gpt2Config,
    private readonly tensors: ModelTensors,
    private readonly blocks: readonly BlockWeights[],
    private readonly parts: {
      readonly words: tf.Tensor2D;
      readonly positions: tf.Tensor2D;
      readonly output: tf.Tensor2D;
      readonly gamma: tf.Tensor;
      readonly beta: tf.Tensor;
    },
  ) {}

  /** Rejects with `model.corrupt` when the weights are not those of the config. Frees what it has read then. */
  static async load(weights: Weights, config: Gpt2Config): Promise<Gpt2> {
    const { vocabulary, width, positions } = config;
    const tensors = new ModelTensors(rooted(weights, ['transformer.', ''], 'wte.weight'));
    try {
      activationOf(config.activation);
      const words = (await tensors.take('wte.weight', [vocabulary, width])) as tf.Tensor2D;
      const places = (await tensors.take('wpe.weight', [positions, width])) as tf.Tensor2D;
      const blocks: BlockWeights[] = [];
      for (let i = 0; i < config.layers; i++) blocks.push(await loadBlock(tensors, i, config));
      const { gamma, beta } = await norm(tensors, 'ln_f', width);
      const output = config.tied
        ? words
        : (tensors.keep(await weights.load('lm_head.weight')) as tf.Tensor2D);
      if (output.shape.join() !== `${vocabulary},${width}`) {
        throw new MlError('model.corrupt', `"lm_head.weight" is [${output.shape.join(', ')}].`);
      }
      return new Gpt2(config, tensors, blocks, { words, positions: places, output, gamma, beta });
    } catch (error) {
      tensors.dispose();
      throw error;
    }
  }

  /** Runs new tokens. The caller disposes both tensors. Throws `input.invalid` where they do not fit. */
  forward(ids: readonly number[], options: ForwardOptions = {}): Gpt2Output {
    const { cache, lastOnly = false, tap } = options;
    this.check(ids, cache?.tokens ?? 0);
    const layers: BlockCache[] = [];
    const output = tf.tidy(() => {
      const hidden = this.run(ids, cache, layers, tap);
      const rows = lastOnly ? tf.slice(hidden, [ids.length - 1, 0], [1, -1]) : hidden;
      // What the tidy below must not free.
      if (cache !== undefined) for (const { keys, values } of layers) [keys, values].forEach(tf.keep);
      return { hidden, logits: tf.matMul<tf.Tensor2D>(rows, this.parts.output, false, true) };
    });
    if (cache !== undefined) {
      const tokens = cache.tokens + ids.length;
      cache.dispose();
      cache.layers = layers;
      cache.tokens = tokens;
    }
    return output;
  }

  private run(
    ids: readonly number[],
    cache: Gpt2Cache | undefined,
    layers: BlockCache[],
    tap: Tap | undefined,
  ): tf.Tensor2D {
    const { words, positions, gamma, beta } = this.parts;
    const { heads, width, epsilon, scaleScores, scaleByLayer } = this.config;
    const past = cache?.tokens ?? 0;
    const activation = activationOf(this.config.activation);
    const embedded = tf.gather(words, tf.tensor1d([...ids], 'int32'));
    let hidden = tf.add<tf.Tensor2D>(embedded, tf.slice(positions, [past, 0], [ids.length, width]));
    tap?.(0, hidden);
    const mask = ids.length > 1 ? causalMask(ids.length, past) : undefined;
    this.blocks.forEach((block, i) => {
      const scale = (scaleScores ? Math.sqrt(heads / width) : 1) / (scaleByLayer ? i + 1 : 1);
      const settings = { heads, scale, epsilon, activation };
      const [next, keys, values] = tf.tidy(() => {
        const step = runBlock(block, hidden, cache?.layers[i], mask, settings);
        return [step.hidden, step.cache.keys, step.cache.values] as const satisfies tf.TensorContainer;
      });
      layers.push({ keys, values });
      hidden.dispose();
      hidden = next;
      tap?.(i + 1, hidden);
    });
    return layerNorm(hidden, gamma, beta, epsilon);
  }

  private check(ids: readonly number[], past: number): void {
    const { vocabulary, positions } = this.config;
    const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabulary);
    if (wrong !== undefined) {
      throw new MlError('input.invalid', `Token ${wrong} is not among the model's ${vocabulary}.`);
    }
    if (ids.length === 0)
      throw new MlError('input.invalid', 'The model needs at least one token to go on from.');
    if (past + ids.length > positions) {
      throw new MlError(
        'input.invalid',
        `${past + ids.length} tokens are more than the model's ${positions}.`,
      );
    }
  }

  dispose(): void {
    this.tensors.dispose();
  }
}

/** `[tokens, past + tokens]`: 0 where a token may look, the least float where not. */
function causalMask(tokens: number, past: number): tf.Tensor2D {
  const width = past + tokens;
  const mask = new Float32Array(tokens * width);
  for (let row = 0; row < tokens; row++)
    mask.fill(-3.4028234663852886e38, row * width + past + row + 1, (row + 1) * width);
  return tf.tensor2d(mask, [tokens, width]);
}
