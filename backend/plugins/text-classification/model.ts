import {
  initializers,
  input,
  layers,
  model,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import type { Random } from '../../sdk/random';
import type { ModelOptions } from './config';

export interface ModelShape {
  /** Ids of tokens in a row; those of n-grams come after them. */
  readonly length: number;
  readonly tokens: number;
  /** Ids of n-grams in a row; 0 for none. */
  readonly ngrams: number;
  readonly labels: number;
}

interface Layer {
  apply(inputs: SymbolicTensor | SymbolicTensor[]): unknown;
}

const through = (x: SymbolicTensor | SymbolicTensor[], ...all: readonly Layer[]): SymbolicTensor =>
  all.reduce(
    (value: SymbolicTensor | SymbolicTensor[], layer) => layer.apply(value) as SymbolicTensor,
    x,
  ) as SymbolicTensor;

const joined = (parts: SymbolicTensor[]): SymbolicTensor => {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : through(parts, layers.concatenate());
};

/**
 * Wide and deep (Cheng et al. 2016): convolutions over embedded tokens under maximum and attention pooling (Kim 2014,
 * Lin et al. 2017) beside the mean of embedded n-grams (Joulin et al. 2016). `[length + ngrams]` ids → one probability
 * for each label. Standard layers only, so that `tf.loadLayersModel` needs nothing of ours.
 */
export function buildModel(options: ModelOptions, shape: ModelShape, random: Random): LayersModel {
  const build = new Builder(options, random);
  const ids = input({ shape: [shape.length + shape.ngrams] });
  const parts: SymbolicTensor[] = [];
  if (options.kernels.length > 0 || shape.ngrams === 0)
    parts.push(build.deep(part(ids, 0, shape.length), shape));
  if (shape.ngrams > 0) parts.push(build.wide(part(ids, shape.length, shape.ngrams)));
  let x = joined(parts);
  if (options.hidden > 0) {
    const dense = layers.dense({
      units: options.hidden,
      activation: 'relu',
      kernelInitializer: build.init(),
    });
    x = through(x, dense, layers.dropout({ rate: options.dropout }));
  }
  const scores = layers.dense({
    units: shape.labels,
    activation: 'softmax',
    kernelInitializer: build.init(),
    name: 'probabilities',
  });
  return model({ inputs: ids, outputs: through(x, scores) });
}

/** Some of the ids of every row. */
function part(ids: SymbolicTensor, from: number, count: number): SymbolicTensor {
  const width = ids.shape[1] ?? 0;
  if (count === width) return ids;
  // Of the layers that cut, tf.js has only the one for images.
  return through(
    ids,
    layers.reshape({ targetShape: [width, 1, 1] }),
    layers.cropping2D({
      cropping: [
        [from, width - from - count],
        [0, 0],
      ],
    }),
    layers.reshape({ targetShape: [count] }),
  );
}

class Builder {
  constructor(
    private readonly options: ModelOptions,
    private readonly random: Random,
  ) {}

  init() {
    return initializers.glorotUniform({ seed: this.random.int(2 ** 31) });
  }

  private embedding(inputDim: number, outputDim: number): Layer {
    const embeddingsInitializer = initializers.randomNormal({ stddev: 0.1, seed: this.random.int(2 ** 31) });
    return layers.embedding({ inputDim, outputDim, embeddingsInitializer });
  }

  deep(ids: SymbolicTensor, { tokens }: ModelShape): SymbolicTensor {
    const { embedding, embeddingDropout, filters, kernels, heads, dropout } = this.options;
    const embedded = through(
      ids,
      this.embedding(tokens, embedding),
      layers.dropout({ rate: embeddingDropout }),
    );
    const seen = kernels.map((kernelSize) => {
      const kernelInitializer = this.init();
      const shape = { filters, kernelSize, kernelInitializer };
      return through(embedded, layers.conv1d({ ...shape, padding: 'same', activation: 'relu' }));
    });
    const features = joined(seen.length === 0 ? [embedded] : seen);
    const pools = [through(features, layers.globalMaxPooling1d({}))];
    if (heads > 0) pools.push(this.attention(features, heads));
    return through(joined(pools), layers.dropout({ rate: dropout }));
  }

  /** Each head's mean of the features `[time, channels]`, weighted by where it looks. */
  private attention(features: SymbolicTensor, heads: number): SymbolicTensor {
    const looks = through(
      features,
      layers.dense({ units: heads, kernelInitializer: this.init() }),
      layers.permute({ dims: [2, 1] }),
      layers.activation({ activation: 'softmax' }),
    );
    return through([looks, features], layers.dot({ axes: [2, 1] }), layers.flatten());
  }

  wide(ids: SymbolicTensor): SymbolicTensor {
    const { buckets, size, dropout } = this.options.ngrams;
    return through(
      ids,
      this.embedding(buckets, size),
      layers.globalAveragePooling1d({}),
      layers.dropout({ rate: dropout }),
    );
  }
}
