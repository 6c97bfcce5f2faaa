/** A tf.js layers model as two files, `model.json` and `weights.bin`, as every tf.js program loads them. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { tfjsVersion } from './engines/locate';

export interface ModelFiles {
  readonly modelJson: string;
  readonly weights: Uint8Array;
}

export async function modelFiles(model: LayersModel): Promise<ModelFiles> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler((given) => {
      artifacts = given;
      return Promise.resolve({
        modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' as const },
      });
    }),
  );
  if (artifacts?.weightData === undefined || artifacts.weightSpecs === undefined) {
    throw new Error('tfjs answered no weights for the model');
  }
  const json = {
    format: 'layers-model',
    generatedBy: `TensorFlow.js tfjs-layers v${tfjsVersion}`,
    convertedBy: null,
    modelTopology: artifacts.modelTopology,
    weightsManifest: [{ paths: ['weights.bin'], weights: artifacts.weightSpecs }],
  };
  return {
    modelJson: JSON.stringify(json),
    weights: new Uint8Array(tf.io.CompositeArrayBuffer.join(artifacts.weightData)),
  };
}

/** Tensors with their names as one block of bytes and its description, copied before this returns. */
export function packTensors(named: readonly { name: string; tensor: tf.Tensor }[]): {
  specs: tf.io.WeightsManifestEntry[];
  data: Uint8Array<ArrayBuffer>;
} {
  const specs = named.map(({ name, tensor: { shape, dtype } }) => ({
    name,
    shape: [...shape],
    dtype: plain(dtype),
  }));
  const parts = named.map(({ tensor }) => tensor.dataSync());
  const data = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of parts) {
    data.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return { specs, data };
}

function plain(dtype: tf.DataType): 'float32' | 'int32' | 'bool' {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new Error(`a weight of type ${dtype} cannot be kept`);
}

/** `modelFiles` again and again for the checkpoints of one run: what a layer is called and how it is built stays. */
export class ModelSnapshots {
  private modelJson: string | undefined;

  constructor(private readonly model: LayersModel) {}

  async take(): Promise<ModelFiles> {
    if (this.modelJson === undefined) {
      const files = await modelFiles(this.model);
      this.modelJson = files.modelJson;
      return files;
    }
    // In the order and form that `save` gives them.
    const named = this.model.weights.map((weight) => ({ name: weight.originalName, tensor: weight.read() }));
    return { modelJson: this.modelJson, weights: packTensors(named).data };
  }
}

/** The reverse; the caller disposes the tensors. */
export function unpackTensors(
  data: Uint8Array,
  specs: readonly tf.io.WeightsManifestEntry[],
): { name: string; tensor: tf.Tensor }[] {
  const buffer = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer;
  const byName = tf.io.decodeWeights(buffer, [...specs]);
  return specs.map(({ name }) => ({ name, tensor: byName[name] as tf.Tensor }));
}
