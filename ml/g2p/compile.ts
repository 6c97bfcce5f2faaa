/** Takes a loaded pronunciation model apart into plain numbers. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { layerNormEpsilon } from '../layers/functional';
import { plainLinear, type Linear, type MakeLinear, type Norm } from './arithmetic';
import type { Attention, Convolution, Network } from './network';
import { SimdMemory } from './simd';

type Layer = LayersModel['layers'][number];

const known = new WeakMap<LayersModel, readonly Network[] | undefined>();

/** The model's networks, or undefined where it is not built of the layers that the task builds with. Kept for each model. */
export function networksOf(model: LayersModel): readonly Network[] | undefined {
  if (!known.has(model)) known.set(model, takeApart(model));
  return known.get(model);
}

/** Layers that do nothing to a single word outside training. */
const idle = new Set(['InputLayer', 'GoyaPresence', 'GoyaDropout', 'GoyaMeanScores']);

function takeApart(model: LayersModel): readonly Network[] | undefined {
  const members = new Map<string, Layer[]>();
  for (const layer of model.layers.filter((one) => !idle.has(one.getClassName()))) {
    const member = /^\d+_/.exec(layer.name)?.[0] ?? '';
    members.set(member, [...(members.get(member) ?? []), layer]);
  }
  const memory = SimdMemory.create();
  const make: MakeLinear = memory === undefined ? plainLinear : (...map) => memory.linear(...map);
  const networks = [...members.values()].map((own) => networkOf(own, make));
  return networks.length > 0 && networks.every((one) => one !== undefined) ? networks : undefined;
}

const shape = /^Embedding (GoyaConvBlock )*(GoyaAttentionBlock )*Dense GoyaUnfold Dense$/;

function networkOf(layers: readonly Layer[], make: MakeLinear): Network | undefined {
  const classes = layers.map((layer) => layer.getClassName());
  const [embedding, frames, unfold, scores] = [layers[0], ...layers.slice(-3)];
  if (!shape.test(classes.join(' ')) || !embedding || !frames || !unfold || !scores) return undefined;
  if (frames.getConfig()['activation'] !== 'relu' || scores.getConfig()['activation'] !== 'linear')
    return undefined;
  const channels = embedding.getWeights()[0]?.shape[1] ?? 0;
  return {
    embedding: Float64Array.from(numbersOf(embedding)[0] ?? []),
    channels,
    blocks: layers
      .slice(1, -3)
      .map((layer) =>
        layer.getClassName() === 'GoyaConvBlock' ? convolution(layer, make) : attention(layer, make),
      ),
    frames: dense(frames, make),
    factor: Number(unfold.getConfig()['factor']),
    scores: dense(scores, make),
  };
}

const none = new Float32Array(0);
const numbersOf = (layer: Layer): Float32Array[] =>
  layer.getWeights().map((weight) => weight.dataSync<'float32'>());

const normOf = (gamma: Float32Array, beta: Float32Array): Norm => ({
  gamma: Float64Array.from(gamma),
  beta: Float64Array.from(beta),
  epsilon: layerNormEpsilon,
});

function dense(layer: Layer, make: MakeLinear): Linear {
  const [kernel = none, bias = none] = numbersOf(layer);
  return make(kernel, bias.length, bias);
}

/** Weights in the order in which `ConvBlock` makes them. */
function convolution(layer: Layer, make: MakeLinear): Convolution {
  const [kernel = none, bias = none, gamma = none, beta = none] = numbersOf(layer);
  return {
    kind: 'convolution',
    kernel: make(kernel, bias.length, bias),
    kernelSize: Number(layer.getConfig()['kernelSize']),
    norm: normOf(gamma, beta),
  };
}

/** Weights in the order in which `AttentionBlock` makes them. */
function attention(layer: Layer, make: MakeLinear): Attention {
  const [query = none, key = none, value = none, out = none, outBias = none, ...rest] = numbersOf(layer);
  const [up = none, upBias = none, down = none, downBias = none, ...norms] = rest;
  const [gamma1 = none, beta1 = none, gamma2 = none, beta2 = none] = norms;
  const width = outBias.length;
  return {
    kind: 'attention',
    heads: Number(layer.getConfig()['heads']),
    query: make(query, width),
    key: make(key, width),
    value: make(value, width),
    out: make(out, width, outBias),
    up: make(up, upBias.length, upBias),
    down: make(down, width, downBias),
    norm1: normOf(gamma1, beta1),
    norm2: normOf(gamma2, beta2),
  };
}
