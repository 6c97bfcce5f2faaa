/**
 * One engine's training steps on the reference networks, in a process of its own: prints JSON. Bundled by bench/steps.mjs.
 * Every network is also written in torch, in torch_steps.py: change both.
 */
import { performance } from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs-core';
import { layers, model, sequential } from '@tensorflow/tfjs-layers';
import { loadEngine } from '../../backend/training/engines/load';
import { Optimizer } from '../../backend/training/optimizer';
import { quickenLayers } from '../../backend/training/quickLayers';
import { AttentionBlock } from '../../ml/layers/blocks';

/** @typedef {{ model: import('@tensorflow/tfjs-layers').LayersModel, input: readonly number[], presence?: readonly number[] }} Network */

/** conv1d 64 → 128 → 128 → 80, k = 5, same padding, on [16, 100, 64]. */
function convolutions() {
  const conv = (filters, more) => layers.conv1d({ filters, kernelSize: 5, padding: 'same', ...more });
  return {
    model: sequential({
      layers: [
        conv(128, { activation: 'relu', inputShape: [100, 64] }),
        conv(128, { activation: 'relu' }),
        conv(80, {}),
      ],
    }),
    input: [16, 100, 64],
  };
}

/** The tabular example: 64 → 128 → 64 → 10, a batch of 32. */
function table() {
  return {
    model: sequential({
      layers: [
        layers.dense({ units: 128, activation: 'relu', inputShape: [64] }),
        layers.dropout({ rate: 0.2 }),
        layers.dense({ units: 64, activation: 'relu' }),
        layers.dense({ units: 10 }),
      ],
    }),
    input: [32, 64],
  };
}

/** Keywords: a strided convolution, then four depthwise-separable blocks of 64, on [32, 98, 40, 1]. */
function keywords() {
  const input = layers.input({ shape: [98, 40, 1] });
  const relu = () => layers.activation({ activation: 'relu' });
  let x = layers.conv2d({ filters: 64, kernelSize: [10, 4], strides: 2, padding: 'same' }).apply(input);
  x = relu().apply(x);
  for (let i = 0; i < 4; i++) {
    x = layers.depthwiseConv2d({ kernelSize: 3, padding: 'same' }).apply(x);
    x = layers.conv2d({ filters: 64, kernelSize: 1 }).apply(x);
    x = relu().apply(x);
  }
  const pooled = layers.globalAveragePooling2d({}).apply(x);
  const outputs = layers.dense({ units: 10 }).apply(pooled);
  return { model: model({ inputs: input, outputs }), input: [32, 98, 40, 1] };
}

/** 512 → 128 → 64 → 10, a batch of 32: 313 such steps are an epoch of 10 000 rows. */
function perceptron() {
  return {
    model: sequential({
      layers: [
        layers.dense({ units: 128, activation: 'relu', inputShape: [512] }),
        layers.dense({ units: 64, activation: 'relu' }),
        layers.dense({ units: 10 }),
      ],
    }),
    input: [32, 512],
  };
}

/** Four blocks of attention, 192 wide with 4 heads and 768 inside, on [16, 100, 192]. */
function transformer() {
  const input = layers.input({ shape: [100, 192] });
  const presence = layers.input({ shape: [100, 1] });
  let x = input;
  for (let i = 0; i < 4; i++) x = new AttentionBlock({ heads: 4, inner: 768, rate: 0 }).apply([x, presence]);
  return {
    model: model({ inputs: [input, presence], outputs: x }),
    input: [16, 100, 192],
    presence: [16, 100, 1],
  };
}

/** Two bidirectional LSTMs of 128, on [16, 100, 64]. */
function recurrent() {
  const lstm = () =>
    layers.lstm({
      units: 128,
      returnSequences: true,
      recurrentActivation: 'sigmoid',
      recurrentInitializer: 'glorotUniform',
    });
  return {
    model: sequential({
      layers: [
        layers.bidirectional({ layer: lstm(), inputShape: [100, 64], mergeMode: 'concat' }),
        layers.bidirectional({ layer: lstm(), mergeMode: 'concat' }),
      ],
    }),
    input: [16, 100, 64],
  };
}

/** @type {Record<string, () => Network>} */
const networks = { convolutions, table, perceptron, keywords, transformer, recurrent };

const [engine = 'wasm', budget = '3000', wanted = Object.keys(networks).join()] = process.argv.slice(2);
const loaded = await loadEngine(engine, { storagePath: undefined });
await quickenLayers();
const figures = {};
for (const name of wanted.split(',')) figures[name] = measure(networks[name](), Number(budget));
process.stdout.write(`${JSON.stringify({ engine: loaded, figures })}\n`);
process.exit(0);

/** The fastest tenth of the steps: what one takes when little else is done on the machine. */
function measure({ model: net, input, presence }, milliseconds) {
  const variables = net.trainableWeights.map((weight) => weight.read());
  const optimizer = new Optimizer(variables, { type: 'adam', learningRate: 0.001 });
  const first = tf.randomNormal([...input]);
  const x = presence === undefined ? first : [first, tf.ones([...presence])];
  const y = tf.randomNormal([input[0] ?? 1, ...net.outputShape.slice(1).map(Number)]);
  const step = () =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(
        () => tf.mean(tf.squaredDifference(net.apply(x, { training: true }), y)),
        variables,
      );
      optimizer.apply(
        variables.map((variable) => grads[variable.name]),
        0.001,
      );
      value.dataSync();
    });
  for (let i = 0; i < 3; i++) step();
  const taken = [];
  const began = performance.now();
  while (taken.length < 5 || performance.now() - began < milliseconds) {
    const at = performance.now();
    const cpu = process.cpuUsage();
    step();
    const { user, system } = process.cpuUsage(cpu);
    taken.push({ ms: performance.now() - at, busyMs: (user + system) / 1000 });
  }
  const fast = (key) => {
    const sorted = taken.map((one) => one[key]).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 10)] ?? NaN;
  };
  return { ms: fast('ms'), busyMs: fast('busyMs') };
}
