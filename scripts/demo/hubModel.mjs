import { tf } from './tf.mjs';
import '@tensorflow/tfjs-backend-wasm';
import { readTable } from './table.mjs';

/**
 * A real tf.js repository for the loopback hub: a digits classifier trained here with plain `@tensorflow/tfjs`
 * on the sample table, and saved as tf.js saves models. Gives back its files and a row with the model's answer.
 */
export async function makeDigitsRepository(csv) {
  await tf.setBackend('wasm'); // twenty times as fast as plain JavaScript on dense layers
  const rows = await readTable(csv);
  const label = Object.keys(rows[0]).at(-1);
  const names = Object.keys(rows[0]).filter((name) => name !== label);
  const inputs = rows.map((row) => names.map((name) => Number(row[name]) / 16)); // pixels are 0..16
  const labels = rows.map((row) => Number(row[label]));
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 512, activation: 'relu', inputShape: [names.length] }),
      tf.layers.dense({ units: 512, activation: 'relu' }),
      tf.layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  const { history } = await model.fit(tf.tensor2d(inputs), tf.tensor1d(labels, 'float32'), {
    epochs: 2,
    batchSize: 64,
    verbose: 0,
  });
  const saved = await artifacts(model);
  const sample = inputs[0];
  const answer = tf.tidy(() => model.predict(tf.tensor2d([sample])).arraySync()[0]);
  await tf.setBackend('cpu');
  return { files: repositoryFiles(saved, names.length), sample, answer, accuracy: history.acc?.at(-1) };
}

async function artifacts(model) {
  let kept;
  await model.save(
    tf.io.withSaveHandler((given) => {
      kept = given;
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } });
    }),
  );
  return kept;
}

function repositoryFiles({ modelTopology, weightSpecs, weightData }, width) {
  const manifest = {
    format: 'layers-model',
    generatedBy: 'Goya demo',
    modelTopology,
    weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
  };
  return {
    'model.json': JSON.stringify(manifest),
    'weights.bin': Buffer.from(weightData),
    'config.json': JSON.stringify({ model_type: 'digits-mlp', input_size: width, num_labels: 10 }),
    'README.md':
      '---\nlicense: mit\nlibrary_name: tf-keras\ntags:\n- tfjs\n---\n# Digits\n\nTrained by the demo.\n',
  };
}
