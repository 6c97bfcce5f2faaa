import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The nearest half-precision number, as its 16 bits; ties to even. Beyond ±65504 it is an error: weights are small. */
export function halfBits(value) {
  if (!(Math.abs(value) < 65520)) throw new Error(`${value} is no half-precision number`);
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  // Below 2⁻¹⁴ steps are 2⁻²⁴; above, each power of two has 1024 steps. A round up to 1024 carries into the exponent.
  const exponent = Math.max(-14, size === 0 ? -14 : Math.floor(Math.log2(size)));
  const steps = roundToEven(size / 2 ** (exponent - 10));
  return sign + (exponent === -14 ? steps : (exponent + 14) * 1024 + steps);
}

function roundToEven(x) {
  const below = Math.floor(x);
  const rest = x - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

/** A float32 tf.js model as half precision: model.json says so, and every tf.js reads it back as float32. */
export function halve(modelJson, weights) {
  const floats = new Float32Array(
    weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.byteLength),
  );
  const bits = Uint16Array.from(floats, halfBits);
  const weightsManifest = modelJson.weightsManifest.map((group) => ({
    ...group,
    weights: group.weights.map((spec) => {
      if (spec.dtype !== 'float32') throw new Error(`${spec.name} is ${spec.dtype}, not float32`);
      return { ...spec, quantization: { dtype: 'float16' } };
    }),
  }));
  return { modelJson: { ...modelJson, weightsManifest }, weights: new Uint8Array(bits.buffer) };
}

/** Writes a trained model's folder to `to` with halved weights, and the licence of the data it was learnt from. */
export async function packModel(from, to, licence) {
  const read = (name) => readFile(path.join(from, name));
  const packed = halve(JSON.parse(await read('model.json')), await read('weights.bin'));
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  await writeFile(path.join(to, 'model.json'), `${JSON.stringify(packed.modelJson)}\n`);
  await writeFile(path.join(to, 'weights.bin'), packed.weights);
  for (const name of ['goya.json', 'config.json', 'metrics.json', 'README.md', 'runtime.mjs']) {
    await cp(path.join(from, name), path.join(to, name));
  }
  await cp(licence, path.join(to, 'LICENSE'));
}
