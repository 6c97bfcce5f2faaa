/** Small models with random weights, written as the trainer writes them, and what plain TensorFlow.js answers. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildModel } from '../../../backend/plugins/text-to-speech/model';
import { voiceFeatureOptions } from '../../../ml/voice/features';
import { audioFrames } from '../../../ml/trained/audioFeatures';
import type {
  AudioPreprocessing,
  Preprocessing,
  TrainedMetadata,
  VoicePreprocessing,
} from '../../../ml/trained/metadata';
import { tinyHifigan, writeHifigan } from '../../fixtures/hifiganFolder';

const flower: Preprocessing = {
  kind: 'tabular',
  columns: [
    { name: 'sepal length', kind: 'numeric', mean: 5.843, std: 0.825 },
    { name: 'petal width', kind: 'numeric', mean: 1.199, std: 0.759 },
    { name: 'رنگ', kind: 'categorical', values: ['آبی', 'سفید', 'بنفش'] },
  ],
  labelColumn: 'species',
};
const sound: AudioPreprocessing = {
  kind: 'audio',
  sampleRate: 16_000,
  seconds: 0.5,
  nFft: 256,
  hop: 160,
  mels: 20,
  fMin: 40,
  fMax: 7600,
  floor: 1e-6,
  peak: 0.9,
  mean: Array.from({ length: 20 }, (_, i) => -6 + i / 10),
  std: Array.from({ length: 20 }, (_, i) => 2 + i / 20),
};

const names: Preprocessing = {
  kind: 'text',
  normalization: {
    letters: true,
    digits: 'persian',
    diacritics: true,
    halfSpace: 'keep',
    affixes: false,
    punctuation: true,
  },
  lowerCase: true,
  unit: 'character',
  tokens: ['', '', '', '', ...Array.from('ابپتسشفکگلمنهوی \u200C')],
  length: 12,
  ngrams: { buckets: 64, longest: 3, joined: true, gaps: true, count: 48 },
};

/** The mean of embedded ids, 2 labels. */
export async function writeText(folder: string): Promise<TrainedMetadata> {
  const model = sequential({
    layers: [
      layers.embedding({
        inputDim: 64,
        outputDim: 6,
        inputShape: [60],
        embeddingsInitializer: seeded(6),
      }),
      layers.globalAveragePooling1d({}),
      layers.dense({ units: 2, activation: 'softmax', kernelInitializer: seeded(7) }),
    ],
  });
  return writeFolder(folder, model, metadata('names', ['زن', 'مرد'], names));
}

/** Softmax of a dense network, 5 inputs, 3 labels. */
export async function writeTabular(folder: string): Promise<TrainedMetadata> {
  const model = sequential({
    layers: [
      layers.dense({ units: 8, activation: 'relu', inputShape: [5], kernelInitializer: seeded(1) }),
      layers.dense({ units: 3, activation: 'softmax', kernelInitializer: seeded(2) }),
    ],
  });
  return writeFolder(folder, model, metadata('iris', ['setosa', 'versicolor', 'virginica'], flower));
}

/** A convolution over log-mel frames, 4 labels. */
export async function writeAudio(folder: string): Promise<TrainedMetadata> {
  const model = sequential({
    layers: [
      layers.conv2d({
        filters: 6,
        kernelSize: 3,
        strides: 2,
        activation: 'relu',
        inputShape: [audioFrames(sound), sound.mels, 1],
        kernelInitializer: seeded(3),
      }),
      layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }),
      layers.dense({ units: 4, activation: 'softmax', kernelInitializer: seeded(4) }),
    ],
  });
  return writeFolder(folder, model, metadata('keywords', ['سلام', 'بله', 'نه', 'خانه'], sound));
}

/** A model of somebody else: no goya.json. */
export async function writeBare(folder: string): Promise<void> {
  const model = sequential({
    layers: [layers.dense({ units: 2, inputShape: [3], kernelInitializer: seeded(5) })],
  });
  await save(folder, model);
}

/** The same whose waveform a HiFi-GAN makes. */
export async function writeVocodedVoice(folder: string): Promise<TrainedMetadata> {
  await writeHifigan(path.join(folder, 'vocoder'), { ...tinyHifigan, model_in_dim: 20 }, null);
  return writeVoice(folder, { nFft: 256, hop: 64, vocoder: true });
}

/** A voice that says letters, as noise. */
export async function writeVoice(
  folder: string,
  more: Partial<VoicePreprocessing> = {},
): Promise<TrainedMetadata> {
  const symbols = ['^', '$', ' ', ...Array.from('ابسلم')];
  const features = voiceFeatureOptions(8000, 20);
  const size = { encoderChannels: 16, encoderConvolutions: 1, decoderChannels: 16, decoderConvolutions: 1 };
  const options = {
    reading: 'characters',
    kernelSize: 3,
    dropout: 0,
    sampleRate: 8000,
    mels: 20,
    ...size,
  } as const;
  const model = buildModel(options, symbols.length);
  const goya = metadata('voice', symbols, {
    ...{ kind: 'voice', reading: { kind: 'characters', persian: true }, lexicon: false, pronouncer: false },
    ...features,
    mean: Array.from({ length: 20 }, () => -1),
    deviation: Array.from({ length: 20 }, () => 1),
    pace: 6,
    ...more,
  });
  await cp(path.resolve('dist/backend/plugins/text-to-speech/runtime.mjs'), path.join(folder, 'runtime.mjs'));
  return writeFolder(folder, model, { ...goya, task: 'text-to-speech', confusion: undefined });
}

function seeded(seed: number) {
  return { className: 'RandomNormal', config: { mean: 0, stddev: 0.8, seed } } as unknown as 'randomNormal';
}

function metadata(name: string, labels: string[], preprocessing: Preprocessing): TrainedMetadata {
  return {
    formatVersion: 1,
    task: `${preprocessing.kind}-classification`,
    name,
    labels,
    preprocessing,
    metrics: { val_accuracy: 0.967, val_loss: 0.12 },
    confusion: labels.map((_, i) => labels.map((__, j) => (i === j ? 9 : Number(j === 0)))),
    engine: { name: 'cpu' },
    createdAt: '2026-11-20T10:00:00.000Z',
    configHash: '0'.repeat(64),
  };
}

async function writeFolder(
  folder: string,
  model: LayersModel,
  goya: TrainedMetadata,
): Promise<TrainedMetadata> {
  await save(folder, model);
  await writeFile(path.join(folder, 'goya.json'), JSON.stringify(goya));
  return goya;
}

async function save(folder: string, model: LayersModel): Promise<void> {
  await mkdir(folder, { recursive: true });
  await model.save({
    save: async ({ modelTopology, weightSpecs, weightData }) => {
      const manifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      await writeFile(
        path.join(folder, 'model.json'),
        JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest: manifest }),
      );
      await writeFile(path.join(folder, 'weights.bin'), new Uint8Array(weightData as ArrayBuffer));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    },
  });
  model.dispose();
}

export async function prepareTensors(): Promise<void> {
  await tf.setBackend('cpu');
}
