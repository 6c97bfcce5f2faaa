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

/** Tensors with their names as one block of bytes and its description. */
export async function packTensors(
  named: readonly { name: string; tensor: tf.Tensor }[],
): Promise<{ specs: tf.io.WeightsManifestEntry[]; data: Uint8Array }> {
  const { specs, data } = await tf.io.encodeWeights(named.map(({ name, tensor }) => ({ name, tensor })));
  return { specs, data: new Uint8Array(data) };
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
