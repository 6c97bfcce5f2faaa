/**
 * A pronunciation model's forward pass for one word, without tensors: the layers of `ml/layers/blocks.ts` as they are when
 * nothing is padding and nothing is trained. Both give the same numbers (network.test.ts holds them to 1e-5).
 */
import { addTo, layerNormRows, relu, softmaxRows, type Linear, type Norm } from './arithmetic';

/** `norm(x + relu(conv(x)))` */
export interface Convolution {
  readonly kind: 'convolution';
  /** From `kernelSize · channels` numbers. */
  readonly kernel: Linear;
  readonly kernelSize: number;
  readonly norm: Norm;
}

/** A transformer encoder block, normalised before each part. */
export interface Attention {
  readonly kind: 'attention';
  readonly heads: number;
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly out: Linear;
  readonly up: Linear;
  readonly down: Linear;
  readonly norm1: Norm;
  readonly norm2: Norm;
}

export interface Network {
  /** `[letters + 1, channels]` */
  readonly embedding: Float64Array;
  readonly channels: number;
  readonly blocks: readonly (Convolution | Attention)[];
  readonly frames: Linear;
  /** Frames a letter. */
  readonly factor: number;
  readonly scores: Linear;
}

/** Scores `[factor · ids.length, classes]` of a word's letters. */
export function scoreWord(network: Network, ids: readonly number[]): Float64Array {
  const { embedding, channels, blocks, frames, factor, scores } = network;
  let x: Float64Array = new Float64Array(ids.length * channels);
  ids.forEach((id, i) => x.set(embedding.subarray(id * channels, (id + 1) * channels), i * channels));
  for (const block of blocks) {
    x = block.kind === 'convolution' ? convolve(x, ids.length, block) : attend(x, ids.length, block);
  }
  return scores.apply(relu(frames.apply(x, ids.length)), ids.length * factor);
}

/** The mean of several networks' probabilities; of a single one its scores, which order classes alike. */
export function scoreByAll(networks: readonly Network[], ids: readonly number[]): Float64Array {
  const [first, ...rest] = networks.map((network) => scoreWord(network, ids));
  if (first === undefined) throw new Error('a model has at least one network');
  if (rest.length === 0) return first;
  const classes = networks[0]?.scores.to ?? 1;
  return rest.reduce((sum, own) => addTo(sum, softmaxRows(own, classes)), softmaxRows(first, classes));
}

function convolve(x: Float64Array, rows: number, { kernel, kernelSize, norm }: Convolution): Float64Array {
  const channels = x.length / rows;
  const padded = new Float64Array((rows + kernelSize - 1) * channels);
  padded.set(x, Math.floor((kernelSize - 1) / 2) * channels);
  const y = relu(kernel.apply(padded, rows, channels));
  return layerNormRows(addTo(y, x), norm);
}

function attend(x: Float64Array, rows: number, block: Attention): Float64Array {
  const seen = layerNormRows(x, block.norm1);
  const { query, key, value } = block;
  const mixed = mix(
    query.apply(seen, rows),
    key.apply(seen, rows),
    value.apply(seen, rows),
    rows,
    block.heads,
  );
  const middle = addTo(block.out.apply(mixed, rows), x);
  const up = relu(block.up.apply(layerNormRows(middle, block.norm2), rows));
  return addTo(block.down.apply(up, rows), middle);
}

/** Scaled dot-product attention of each head. */
function mix(
  query: Float64Array,
  key: Float64Array,
  value: Float64Array,
  rows: number,
  heads: number,
): Float64Array {
  const width = query.length / rows;
  const size = width / heads;
  const out = new Float64Array(query.length);
  for (let from = 0; from < width; from += size) {
    const shares = new Float64Array(rows * rows);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < rows; j++) {
        let sum = 0;
        for (let p = from; p < from + size; p++)
          sum += (query[i * width + p] ?? 0) * (key[j * width + p] ?? 0);
        shares[i * rows + j] = sum / Math.sqrt(size);
      }
    }
    softmaxRows(shares, rows);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < rows; j++) {
        const share = shares[i * rows + j] ?? 0;
        for (let p = from; p < from + size; p++) {
          out[i * width + p] = (out[i * width + p] ?? 0) + share * (value[j * width + p] ?? 0);
        }
      }
    }
  }
  return out;
}
