import { layers, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import type { ModelOptions } from './config';

/**
 * Dense layers with dropout between, then softmax: by default 128 relu → dropout 0.2 → 64 relu → softmax.
 * @param width numbers per example
 */
export function buildModel(options: ModelOptions, width: number, classes: number): LayersModel {
  const model = sequential();
  const first = { inputShape: [width] };
  options.hidden.forEach((units, i) => {
    const { activation } = options;
    model.add(layers.dense({ ...(i === 0 ? first : {}), units, activation, name: `dense_${i + 1}` }));
    const last = i === options.hidden.length - 1;
    if (options.dropout > 0 && (!last || options.hidden.length === 1)) {
      model.add(layers.dropout({ rate: options.dropout, name: `dropout_${i + 1}` }));
    }
  });
  const shape = options.hidden.length === 0 ? first : {};
  model.add(layers.dense({ ...shape, units: classes, activation: 'softmax', name: 'probabilities' }));
  return model;
}
