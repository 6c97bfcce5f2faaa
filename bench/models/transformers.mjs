/**
 * One engine's times for BERT, Wav2Vec2 and Whisper at the size of their published base (tiny) models, random weights,
 * in a process of its own: prints JSON. The same networks are in torch_transformers.py: change both.
 */
import { performance } from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs-core';
import { loadEngine } from '../../backend/training/engines/load';
import { bertConfig } from '../../ml/models/bert/config';
import { Bert } from '../../ml/models/bert/model';
import { gpt2Config } from '../../ml/models/gpt2/config';
import { Gpt2, Gpt2Cache } from '../../ml/models/gpt2/model';
import { wav2vec2Config } from '../../ml/models/wav2vec2/config';
import { Wav2Vec2 } from '../../ml/models/wav2vec2/model';
import { whisperConfig } from '../../ml/models/whisper/config';
import { Whisper } from '../../ml/models/whisper/model';
import { bertShapes } from '../../tests/fixtures/bertShapes';
import { gpt2Shapes } from '../../tests/fixtures/gpt2Shapes';
import { randomWeights } from '../../tests/fixtures/randomWeights';
import { wav2vec2Shapes } from '../../tests/fixtures/wav2vec2Shapes';
import { whisperShapes } from '../../tests/fixtures/whisperShapes';
import { gpt2Size, whisperTinySize } from './sizes.mjs';

const [engine = 'tensorflow', runs = '3', only = ''] = process.argv.slice(2);
const width = { hidden_size: 768, num_hidden_layers: 12, num_attention_heads: 12, intermediate_size: 3072 };
const bert = { ...width, vocab_size: 30_522, max_position_embeddings: 512 };
const wav2vec2 = {
  ...width,
  vocab_size: 40,
  conv_dim: [512, 512, 512, 512, 512, 512, 512],
  conv_kernel: [10, 3, 3, 3, 3, 2, 2],
  conv_stride: [5, 2, 2, 2, 2, 2, 2],
};

const { name, version } = await loadEngine(engine, { storagePath: undefined });
const figures = {};
const cases = {
  'BERT base, 128 tokens': runBert,
  'Wav2Vec2 base, 10 s': runWav2Vec2,
  'Whisper tiny': runWhisper,
  'GPT-2 117M': runGpt2,
};
for (const [told, measure] of Object.entries(cases)) if (told.startsWith(only)) await measure(told);
const peakMB = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ engine: { name, version }, peakMB, figures })}\n`);

async function runBert(told) {
  const config = bertConfig(bert);
  const model = await Bert.load(randomWeights(bertShapes(config, 2), 0.02), config);
  const ids = Array.from({ length: 128 }, (_, i) => (i * 37) % config.vocabulary);
  await timed(told, async () => {
    const { embeddings, hidden } = model.forward([{ ids }]);
    await hidden.data();
    tf.dispose([embeddings, hidden]);
  });
  model.dispose();
}

async function runWav2Vec2(told) {
  const config = wav2vec2Config(wav2vec2);
  const model = await Wav2Vec2.load(randomWeights(wav2vec2Shapes(config), 0.02), config);
  const samples = Float32Array.from(
    { length: 160_000 },
    (_, i) => Math.sin(i * 0.05) + Math.sin(i * i * 1e-5),
  );
  const marks = {};
  const tap = (stage, x) => {
    x.dataSync();
    marks[stage] = performance.now();
  };
  await timed(told, async () => {
    const scores = model.forward([samples]);
    await scores.data();
    scores.dispose();
  });
  const began = performance.now();
  model.forward([samples], { tap }).dispose();
  figures[`${told}, convolutions`] = marks.features - began;
  figures[`${told}, positions`] = marks.positions - marks.projection;
  model.dispose();
}

async function runWhisper(told) {
  const config = whisperConfig(whisperTinySize);
  const model = await Whisper.load(randomWeights(whisperShapes(config), 0.02), config);
  const data = Float32Array.from({ length: 3000 * 80 }, (_, i) => Math.sin(i * 0.1));
  const listen = () => model.encode({ frames: 3000, width: 80, data });
  await timed(`${told}, encoder`, async () => {
    const encoded = listen();
    await encoded.data();
    encoded.dispose();
  });
  const encoded = listen();
  const cache = model.listen(encoded);
  encoded.dispose();
  const token = async (id) => {
    const { hidden, logits } = model.forward([id], cache);
    await logits.data();
    tf.dispose([hidden, logits]);
  };
  for (let i = 0; i < 10; i += 1) await token(i);
  await timed(`${told}, token`, () => token(7), 30);
  cache.dispose();
  model.dispose();
}

async function runGpt2(told) {
  const config = gpt2Config(gpt2Size);
  const model = await Gpt2.load(randomWeights(gpt2Shapes(config), 0.02), config);
  const cache = new Gpt2Cache();
  const say = async (ids) => {
    const { hidden, logits } = model.forward(ids, { cache, lastOnly: true });
    await logits.data();
    tf.dispose([hidden, logits]);
  };
  const prompt = Array.from({ length: 64 }, (_, i) => i * 37);
  await timed(`${told}, 64 tokens at once`, async () => {
    cache.dispose();
    await say(prompt);
  });
  await timed(`${told}, token`, () => say([7]), 30);
  cache.dispose();
  model.dispose();
}

async function timed(told, work, count = Number(runs)) {
  await work();
  const [wall, busy] = [[], []];
  for (let i = 0; i < count; i += 1) {
    const [began, cpu] = [performance.now(), process.cpuUsage()];
    await work();
    const { user, system } = process.cpuUsage(cpu);
    wall.push(performance.now() - began);
    busy.push((user + system) / 1000);
  }
  figures[told] = median(wall);
  figures[`${told}, busy`] = median(busy);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
