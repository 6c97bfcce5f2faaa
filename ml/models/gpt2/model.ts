/** GPT-2 (Radford et al. 2019) as transformers lays it out: text generation, one sequence at a time. */
import * as tf from '@tensorflow/tfjs-core';
import { MlError } from '../../errors';
import { CompiledSet } from '../../kernels/compiled';
import { ModelTensors } from '../../weights/modelTensors';
import { rooted } from '../../weights/views';
import type { Weights } from '../../weights/weights';
import { activationOf, layerNorm, linear } from '../shared/ops';
import { loadBlock, norm, runBlock, type BlockCache, type BlockWeights } from './block';
import type { Gpt2Config } from './config';

/** What a text's tokens left behind, so that each is computed once. */
export class Gpt2Cache {
  /** @internal */
  layers: readonly BlockCache[] = [];
  tokens = 0;

  /** @internal Takes what a step left in place of what was before it. */
  advance(layers: readonly BlockCache[], tokens: number): void {
    const before = this.tokens;
    this.dispose();
    this.layers = layers;
    this.tokens = before + tokens;
  }

  /** Frees the tensors; the cache is empty then. */
  dispose(): void {
    for (const { keys, values } of this.layers) tf.dispose([keys, values]);
    this.layers = [];
    this.tokens = 0;
  }
}

const flat = (all: readonly BlockCache[]): tf.Tensor2D[] => all.flatMap(({ keys, values }) => [keys, values]);

function inPairs(tensors: readonly tf.Tensor2D[]): BlockCache[] {
  return Array.from({ length: tensors.length / 2 }, (_, i) => ({
    keys: tensors[2 * i] as tf.Tensor2D,
    values: tensors[2 * i + 1] as tf.Tensor2D,
  }));
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
  private readonly compiled = new CompiledSet();

  private constructor(
    readonly config: Gpt2Config,
    private readonly tensors: readonly ModelTensors[],
    private readonly blocks: readonly BlockWeights[],
    private readonly parts: {
      /** `[width, vocabulary]`, as the scores' product wants it. */
      readonly words: tf.Tensor2D;
      readonly positions: tf.Tensor2D;
      /** `[width, vocabulary]` */
      readonly output: tf.Tensor2D;
      readonly gamma: tf.Tensor;
      readonly beta: tf.Tensor;
    },
  ) {}

  /** Rejects with `model.corrupt` when the weights are not those of the config. Frees what it has read then. */
  static async load(weights: Weights, config: Gpt2Config): Promise<Gpt2> {
    const { width, positions } = config;
    const outer = new ModelTensors(weights);
    const tensors = new ModelTensors(rooted(weights, ['transformer.', ''], 'wte.weight'));
    try {
      activationOf(config.activation);
      const words = await takeTurned(tensors, 'wte.weight', config);
      const places = (await tensors.take('wpe.weight', [positions, width])) as tf.Tensor2D;
      const blocks: BlockWeights[] = [];
      for (let i = 0; i < config.layers; i++) blocks.push(await loadBlock(tensors, i, config));
      const { gamma, beta } = await norm(tensors, 'ln_f', width);
      const output = config.tied ? words : await takeTurned(outer, 'lm_head.weight', config);
      return new Gpt2(config, [tensors, outer], blocks, { words, positions: places, output, gamma, beta });
    } catch (error) {
      tensors.dispose();
      outer.dispose();
      throw error;
    }
  }

  /** Runs new tokens. The caller disposes both tensors. Throws `input.invalid` where they do not fit. */
  forward(ids: readonly number[], options: ForwardOptions = {}): Gpt2Output {
    const { cache, lastOnly = false, tap } = options;
    this.check(ids, cache?.tokens ?? 0);
    const [only, ...more] = ids;
    const goesOn = more.length === 0 && cache !== undefined && cache.tokens > 0 && tap === undefined;
    if (goesOn) return this.step(only ?? 0, cache);
    const layers: BlockCache[] = [];
    const output = tf.tidy(() => {
      const past = cache?.tokens ?? 0;
      const places = Int32Array.from(ids, (_, i) => past + i);
      const embedded = this.embed(tf.tensor1d([...ids], 'int32'), tf.tensor1d(places, 'int32'));
      const mask = more.length > 0 ? causalMask(ids.length, past) : undefined;
      const hidden = this.run(embedded, cache?.layers ?? [], { mask, layers, tap });
      const rows = lastOnly ? tf.slice(hidden, [ids.length - 1, 0], [1, -1]) : hidden;
      // What the tidy below must not free.
      if (cache !== undefined) for (const { keys, values } of layers) [keys, values].forEach(tf.keep);
      return { hidden, logits: linear(rows, this.parts.output) };
    });
    cache?.advance(layers, ids.length);
    return output;
  }

  /** One more token, in as few calls of the engine as it can do with. */
  private step(id: number, cache: Gpt2Cache): Gpt2Output {
    const program = this.compiled.of('step', ([word, place, ...past]) => {
      const layers: BlockCache[] = [];
      const embedded = this.embed(word as tf.Tensor1D, place as tf.Tensor1D);
      const hidden = this.run(embedded, inPairs(past as tf.Tensor2D[]), { layers });
      return [hidden, linear(hidden, this.parts.output), ...flat(layers)];
    });
    const given = tf.tidy(() => [id, cache.tokens].map((one) => tf.tensor1d([one], 'int32')));
    const [hidden, logits, ...layers] = program.run([...given, ...flat(cache.layers)]);
    tf.dispose(given);
    layers.forEach(tf.keep);
    cache.advance(inPairs(layers as tf.Tensor2D[]), 1);
    return { hidden: hidden as tf.Tensor2D, logits: logits as tf.Tensor2D };
  }

  private embed(ids: tf.Tensor1D, places: tf.Tensor1D): tf.Tensor2D {
    const { words, positions } = this.parts;
    return tf.tidy(() => {
      const columns = tf.gather(words, ids, 1);
      return tf.add(tf.transpose(columns), tf.gather(positions, places));
    });
  }

  private run(
    embedded: tf.Tensor2D,
    past: readonly BlockCache[],
    { mask, layers, tap }: { mask?: tf.Tensor2D | undefined; layers: BlockCache[]; tap?: Tap | undefined },
  ): tf.Tensor2D {
    const { heads, width, epsilon, scaleScores, scaleByLayer } = this.config;
    const activation = activationOf(this.config.activation);
    let hidden = embedded;
    tap?.(0, hidden);
    this.blocks.forEach((block, i) => {
      const scale = (scaleScores ? Math.sqrt(heads / width) : 1) / (scaleByLayer ? i + 1 : 1);
      const settings = { heads, scale, epsilon, activation };
      const [next, keys, values] = tf.tidy(() => {
        const step = runBlock(block, hidden, past[i], mask, settings);
        return [step.hidden, step.cache.keys, step.cache.values] as const satisfies tf.TensorContainer;
      });
      layers.push({ keys, values });
      hidden.dispose();
      hidden = next;
      tap?.(i + 1, hidden);
    });
    return layerNorm(hidden, this.parts.gamma, this.parts.beta, epsilon);
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
    this.compiled.dispose();
    for (const tensors of this.tensors) tensors.dispose();
  }
}

/** `[vocabulary, width]` turned: a product with it as it lies takes two thirds of the time. */
async function takeTurned(
  tensors: ModelTensors,
  name: string,
  { vocabulary, width }: Gpt2Config,
): Promise<tf.Tensor2D> {
  const stored = (await tensors.take(name, [vocabulary, width])) as tf.Tensor2D;
  const turned = tensors.keep(tf.transpose(stored));
  tensors.release(stored);
  return turned;
}

/** `[tokens, past + tokens]`: 0 where a token may look, the least float where not. */
function causalMask(tokens: number, past: number): tf.Tensor2D {
  const width = past + tokens;
  const mask = new Float32Array(tokens * width);
  for (let row = 0; row < tokens; row++)
    mask.fill(-3.4028234663852886e38, row * width + past + row + 1, (row + 1) * width);
  return tf.tensor2d(mask, [tokens, width]);
}
