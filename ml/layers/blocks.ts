/**
 * Layers that tf.js lacks. Sequences are padded at the end; `presence` is 1 for each element and 0 for padding, so that
 * an element's result does not depend on what it is batched with.
 */
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';
import { attend } from './attention';
import { convolve, dropout, dropoutMask, layerNorm, linear } from './functional';

type Shape = (number | null)[];
export type Kwargs = Readonly<Record<string, unknown>>;
type Config = tf.serialization.ConfigDict;

/** What tf.js hands a layer's constructor: the call's arguments, or a saved `getConfig()`. */
interface LayerArgs {
  readonly name?: string;
}

export const isTraining = (kwargs: Kwargs | undefined): boolean => kwargs?.['training'] === true;

/** What blocks over padded sequences take. */
export function pair(inputs: tf.Tensor | tf.Tensor[]): [tf.Tensor3D, tf.Tensor3D] {
  const [x, presence] = Array.isArray(inputs) ? inputs : [inputs];
  if (x === undefined || presence === undefined) throw new Error('the layer takes [x, presence]');
  return [x as tf.Tensor3D, presence as tf.Tensor3D];
}

const firstShape = (shape: Shape | Shape[]): Shape => (Array.isArray(shape[0]) ? shape[0] : (shape as Shape));

function single(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
  const x = Array.isArray(inputs) ? inputs[0] : inputs;
  if (x === undefined) throw new Error('the layer takes one input');
  return x;
}

/** Ids `[batch, length]` → presence `[batch, length, 1]`; id 0 is padding. */
export class Presence extends layers.Layer {
  static readonly className = 'GoyaPresence';

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return [...firstShape(shape), 1];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => tf.expandDims(tf.cast(tf.greater(single(inputs), 0), 'float32'), -1));
  }
}

/** `[batch, length, channels]` → `[batch, factor · length, channels / factor]`: each element becomes several. */
export class Unfold extends layers.Layer {
  static readonly className = 'GoyaUnfold';
  private readonly factor: number;

  constructor(args: LayerArgs & { readonly factor: number }) {
    super(args);
    this.factor = args.factor;
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    const [batch = null, length = null, channels = null] = firstShape(shape);
    return [batch, length === null ? null : length * this.factor, (channels ?? 0) / this.factor];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = single(inputs);
    const [batch = 0, length = 0, channels = 0] = x.shape;
    return tf.reshape(x, [batch, length * this.factor, channels / this.factor]);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor };
  }
}

/** Dropout without tf.js's slow draw of every number. */
export class FastDropout extends layers.Layer {
  static readonly className = 'GoyaDropout';
  private readonly rate: number;

  constructor(args: LayerArgs & { readonly rate: number }) {
    super(args);
    this.rate = args.rate;
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return firstShape(shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs?: Kwargs): tf.Tensor {
    return tf.tidy(() => dropout(tf.clone(single(inputs)), this.rate, isTraining(kwargs)));
  }

  override getConfig(): Config {
    return { ...super.getConfig(), rate: this.rate };
  }
}

/** A layer with named weights that keeps the shape of its first input. */
abstract class Block extends layers.Layer {
  private readonly made = new Map<string, { read(): tf.Tensor }>();

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return firstShape(shape);
  }

  protected make(name: string, shape: number[], kind: 'kernel' | 'zeros' | 'ones'): void {
    const initializer =
      kind === 'kernel'
        ? initializers.glorotUniform({})
        : kind === 'ones'
          ? initializers.ones()
          : initializers.zeros();
    this.made.set(name, this.addWeight(name, shape, 'float32', initializer));
  }

  protected weight(name: string): tf.Tensor {
    const found = this.made.get(name);
    if (found === undefined) throw new Error(`the layer ${this.name} has no weight "${name}"`);
    return found.read();
  }
}

interface ConvBlockArgs extends LayerArgs {
  readonly kernelSize: number;
  readonly rate: number;
}

/** `norm(x + dropout(relu(conv(x))))`, padding kept at zero. Input `[x, presence]`. */
export class ConvBlock extends Block {
  static readonly className: string = 'GoyaConvBlock';
  private readonly kernelSize: number;
  protected readonly rate: number;

  constructor(args: ConvBlockArgs) {
    super(args);
    this.kernelSize = args.kernelSize;
    this.rate = args.rate;
  }

  override build(shape: Shape | Shape[]): void {
    const channels = firstShape(shape)[2] ?? 0;
    this.make('kernel', [this.kernelSize, channels, channels], 'kernel');
    this.make('bias', [channels], 'zeros');
    this.make('gamma', [channels], 'ones');
    this.make('beta', [channels], 'zeros');
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs?: Kwargs): tf.Tensor {
    return tf.tidy(() => {
      const [given, presence] = pair(inputs);
      const x = tf.mul<tf.Tensor3D>(given, presence);
      const y = convolve(x, this.weight('kernel') as tf.Tensor3D, this.weight('bias'));
      const sum = tf.add(x, dropout(y, this.rate, isTraining(kwargs)));
      return layerNorm(sum, this.weight('gamma'), this.weight('beta'));
    });
  }

  override getConfig(): Config {
    return { ...super.getConfig(), kernelSize: this.kernelSize, rate: this.rate };
  }
}

interface AttentionBlockArgs extends LayerArgs {
  readonly heads: number;
  /** Width of the feed-forward part. */
  readonly inner: number;
  readonly rate: number;
}

/** A transformer encoder block, normalised before each part (Xiong et al. 2020). Input `[x, presence]`. */
export class AttentionBlock extends Block {
  static readonly className = 'GoyaAttentionBlock';
  private readonly heads: number;
  private readonly inner: number;
  private readonly rate: number;

  constructor(args: AttentionBlockArgs) {
    super(args);
    this.heads = args.heads;
    this.inner = args.inner;
    this.rate = args.rate;
  }

  override build(shape: Shape | Shape[]): void {
    const width = firstShape(shape)[2] ?? 0;
    for (const name of ['query', 'key', 'value', 'out']) this.make(name, [width, width], 'kernel');
    this.make('outBias', [width], 'zeros');
    this.make('up', [width, this.inner], 'kernel');
    this.make('upBias', [this.inner], 'zeros');
    this.make('down', [this.inner, width], 'kernel');
    this.make('downBias', [width], 'zeros');
    for (const norm of ['1', '2']) {
      this.make(`gamma${norm}`, [width], 'ones');
      this.make(`beta${norm}`, [width], 'zeros');
    }
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs?: Kwargs): tf.Tensor {
    const training = isTraining(kwargs);
    return tf.tidy(() => {
      const [x, presence] = pair(inputs);
      const seen = layerNorm(x, this.weight('gamma1'), this.weight('beta1')) as tf.Tensor3D;
      const middle = tf.add(x, dropout(this.attend(seen, presence, training), this.rate, training));
      const normal = layerNorm(middle, this.weight('gamma2'), this.weight('beta2'));
      const up = linear(normal, this.weight('up'), this.weight('upBias'), true);
      const down = linear(dropout(up, this.rate, training), this.weight('down'), this.weight('downBias'));
      return tf.add(middle, dropout(down, this.rate, training));
    });
  }

  private attend(x: tf.Tensor3D, presence: tf.Tensor3D, training: boolean): tf.Tensor {
    const [batch, length] = x.shape;
    const weights = { query: this.weight('query'), key: this.weight('key'), value: this.weight('value') };
    const mask = dropoutMask([batch, this.heads, length, length], this.rate, training);
    const mixed = attend(x, presence, weights, this.heads, mask);
    return linear(mixed, this.weight('out'), this.weight('outBias'));
  }

  override getConfig(): Config {
    return { ...super.getConfig(), heads: this.heads, inner: this.inner, rate: this.rate };
  }
}

/** Several scores of the same shape → log of the mean of their softmaxes. */
export class MeanScores extends layers.Layer {
  static readonly className = 'GoyaMeanScores';

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return firstShape(shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const all = Array.isArray(inputs) ? inputs : [inputs];
      const sum = tf.addN(all.map((scores) => tf.softmax(scores)));
      // A probability may be below the smallest number there is.
      return tf.log(tf.add(tf.div(sum, all.length), 1e-30));
    });
  }
}

/** Makes `tf.loadLayersModel` know these layers. */
export function registerBlocks(): void {
  for (const layer of [Presence, Unfold, FastDropout, MeanScores, ConvBlock, AttentionBlock]) {
    tf.serialization.registerClass(layer);
  }
}
