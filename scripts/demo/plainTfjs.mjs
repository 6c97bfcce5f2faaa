import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { tf } from './tf.mjs';

await tf.setBackend('cpu');

/** Loads a tf.js layers model from a folder with nothing but `@tensorflow/tfjs`, as any program of a user's would. */
export async function loadModel(folder) {
  const manifest = JSON.parse(await readFile(path.join(folder, 'model.json'), 'utf8'));
  const groups = manifest.weightsManifest;
  const parts = await Promise.all(
    groups.flatMap((group) => group.paths).map((name) => readFile(path.join(folder, name))),
  );
  const bytes = Buffer.concat(parts);
  return tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: manifest.modelTopology,
      weightSpecs: groups.flatMap((group) => group.weights),
      weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    }),
  );
}

/** The model's answer to rows of numbers, as rows of numbers. */
export function predict(model, rows) {
  return tf.tidy(() => model.predict(tf.tensor2d(rows)).arraySync());
}

/** A row of a table as the model's numbers, by the figures in its goya.json. */
export function encodeRow(row, { columns }) {
  return columns.flatMap((column) =>
    column.kind === 'numeric'
      ? [(Number(row[column.name]) - column.mean) / column.std]
      : column.values.map((value) => (String(row[column.name]) === value ? 1 : 0)),
  );
}
