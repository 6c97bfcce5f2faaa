/**
 * One engine's time for 60 characters of speech with a voice of MMS's size, in a process of its own: prints JSON.
 * The same voice is written in torch, in torch_vits.py: change both.
 */
import { performance } from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs-core';
import { loadEngine } from '../../backend/training/engines/load';
import { vitsConfig } from '../../ml/models/vits/config';
import { decodeInPieces } from '../../ml/models/hifigan/pieces';
import { Vits } from '../../ml/models/vits/model';
import { mmsSize, randomVits } from '../../tests/fixtures/vitsWeights';

const letters = 121;
const frames = 335;
const [engine = 'tensorflow', runs = '3'] = process.argv.slice(2);

const { name, version } = await loadEngine(engine, { storagePath: undefined });
const began = performance.now();
const model = await Vits.load(randomVits(mmsSize), vitsConfig(mmsSize));
const figures = { load: performance.now() - began };

/** Frames as the reference sentence has them: random weights predict what they like. */
const counts = Int32Array.from(
  { length: letters },
  (_, i) => Math.floor(((i + 1) * frames) / letters) - Math.floor((i * frames) / letters),
);
const ids = Array.from({ length: letters }, (_, i) => (i % 2 === 0 ? 0 : 1 + ((i * 7) % 44)));

const all = [];
for (let i = 0; i <= Number(runs); i += 1) all.push(await utterance());
// The first one warms up.
for (const part of Object.keys(all[0])) figures[part] = median(all.slice(1).map((one) => one[part]));
const seconds = model.generator.samples(frames) / model.config.sampleRate;
const peakMB = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ engine: { name, version }, seconds, peakMB, figures })}\n`);

async function utterance() {
  const marks = { start: performance.now() };
  const cpu = process.cpuUsage();
  const prior = model.encode(ids);
  await prior.means.data();
  marks.encoded = performance.now();
  await model.logDurations(prior.hidden);
  marks.timed = performance.now();
  const latents = tf.tidy(() => model.flow(model.expand(prior, counts)));
  await latents.data();
  marks.flowed = performance.now();
  const wave = model.decode(latents);
  await wave.data();
  marks.decoded = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  for await (const piece of decodeInPieces(model.generator, latents)) {
    marks.first ??= performance.now() - marks.decoded;
    marks.samples = (marks.samples ?? 0) + piece.length;
  }
  const inPieces = performance.now() - marks.decoded;
  tf.dispose([prior.hidden, prior.means, prior.logVariances, latents, wave]);
  return {
    encoder: marks.encoded - marks.start,
    durations: marks.timed - marks.encoded,
    flow: marks.flowed - marks.timed,
    decoder: marks.decoded - marks.flowed,
    total: marks.decoded - marks.start,
    'busy, total': (user + system) / 1000,
    'first sound': marks.flowed - marks.start + marks.first,
    'total, in pieces': marks.flowed - marks.start + inPieces,
  };
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
