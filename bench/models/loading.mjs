/**
 * How long models' weights take from a safetensors file to where the engine multiplies with them, beside reading the file
 * alone; the file has been read before, so that no disk is measured. In a process of its own: prints JSON.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs-core';
import { loadEngine } from '../../backend/training/engines/load';
import { openNodeFolder } from '../../backend/weights/nodeFolder';
import { gpt2Config } from '../../ml/models/gpt2/config';
import { Gpt2 } from '../../ml/models/gpt2/model';
import { whisperConfig } from '../../ml/models/whisper/config';
import { Whisper } from '../../ml/models/whisper/model';
import { openWeights } from '../../ml/weights/open';
import { writeSafetensors } from '../../ml/weights/writeSafetensors';
import { gpt2Shapes } from '../../tests/fixtures/gpt2Shapes';
import { randomWeights } from '../../tests/fixtures/randomWeights';
import { whisperShapes } from '../../tests/fixtures/whisperShapes';
import { gpt2Size, whisperTinySize } from './sizes.mjs';

const [engine = 'tensorflow', runs = '5', only = ''] = process.argv.slice(2);
const { name, version } = await loadEngine(engine, { storagePath: undefined });
const [gpt2, whisper] = [gpt2Config(gpt2Size), whisperConfig(whisperTinySize)];
const figures = {};
await measure('GPT-2 117M', gpt2Shapes(gpt2), (weights) => Gpt2.load(weights, gpt2));
await measure('Whisper tiny', whisperShapes(whisper), (weights) => Whisper.load(weights, whisper));
process.stdout.write(`${JSON.stringify({ engine: { name, version }, figures })}\n`);

async function measure(told, shapes, load) {
  if (!told.startsWith(only)) return;
  const folder = await mkdtemp(path.join(tmpdir(), 'goya-loading-'));
  try {
    const file = path.join(folder, 'model.safetensors');
    await writeFile(file, await writeSafetensors(randomWeights(shapes, 0.02)));
    const [reading, loading] = [[], []];
    for (let i = 0; i < Number(runs); i += 1) {
      reading.push(await timed(() => readFile(file)));
      loading.push(
        await timed(
          () => loaded(folder, load),
          (model) => model.dispose(),
        ),
      );
    }
    figures[told] = { reading: median(reading), loading: median(loading) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function loaded(folder, load) {
  const files = openNodeFolder(folder);
  try {
    const model = await load(await openWeights(files));
    // Nothing may still be under way.
    tf.tidy(() => tf.add(1, 1).dataSync());
    return model;
  } finally {
    await files.close();
  }
}

async function timed(work, dispose = () => undefined) {
  const began = performance.now();
  const result = await work();
  const took = performance.now() - began;
  dispose(result);
  return took;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
