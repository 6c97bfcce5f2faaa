import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { buildLayers, readModelJson } from '../trained/load';
import type { ModelFiles } from '../trained/modelFiles';
import type { BareModel } from './bareModel';
import { predictError } from './predictError';

/** A folder with a tf.js `model.json`, layers or graph. Throws `model.corrupt` or `model.unsupported`. */
export async function loadBare(files: ModelFiles): Promise<BareModel> {
  const json = await readModelJson(files);
  if (json.format !== 'graph-model' && !('node' in json.modelTopology)) {
    return layersAsBare(await buildLayers(files, json));
  }
  const { loadGraph } = await import('../graph/loadGraph');
  return loadGraph(files, json);
}

export function layersAsBare(model: LayersModel): BareModel {
  return {
    format: 'layers',
    dynamic: false,
    // Of `name` and `name/part` the first is what a person knows.
    inputs: model.inputs.map(({ name, shape, dtype }) => ({
      name: name.split('/')[0] ?? name,
      shape,
      dtype,
    })),
    outputs: model.outputs.map(({ name, shape, dtype }, i) => ({
      name: model.outputNames[i] ?? name,
      shape,
      dtype,
    })),
    parameters: model.countParams(),
    predict: (tensors) => {
      try {
        const answer = tf.tidy(() =>
          model.predict(tensors.length === 1 ? (tensors[0] as tf.Tensor) : [...tensors]),
        );
        return Promise.resolve([answer].flat());
      } catch (error) {
        return Promise.reject(predictError(error));
      }
    },
    dispose: () => {
      model.dispose();
    },
  };
}
