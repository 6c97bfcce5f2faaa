import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import { unfuseLayers } from './unfuse';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('gives the same gradients, without that of the data', () => {
  const model = sequential({
    layers: [
      layers.conv2d({ inputShape: [5, 5, 2], filters: 3, kernelSize: 3, strides: 2, padding: 'same' }),
      layers.conv2d({ filters: 2, kernelSize: 2, useBias: false }),
    ],
  });
  const x = tf.randomNormal([2, 5, 5, 2], 0, 1, 'float32', 1);
  const gradients = (): { value: number; grads: tf.NamedTensorMap; ran: string[] } => {
    const ran: string[] = [];
    const kernels = [tf.Conv2DBackpropInput, tf.Conv2DBackpropFilter].map((name) => {
      const stock = tf.getKernel(name, 'cpu');
      tf.unregisterKernel(name, 'cpu');
      const kernelFunc: tf.KernelFunc = (call) => (ran.push(name), stock.kernelFunc(call));
      tf.registerKernel({ ...stock, kernelFunc });
      return stock;
    });
    const { value, grads } = tf.variableGrads(() =>
      tf.mean(tf.square(model.apply(x, { training: true }) as tf.Tensor)),
    );
    for (const stock of kernels) {
      tf.unregisterKernel(stock.kernelName, 'cpu');
      tf.registerKernel(stock);
    }
    return { value: value.dataSync()[0] ?? NaN, grads, ran };
  };
  const fused = gradients();
  const takeBack = unfuseLayers();
  const apart = gradients();
  takeBack();
  expect(apart.value).toBeCloseTo(fused.value, 6);
  for (const [name, expected] of Object.entries(fused.grads)) {
    expect(tf.max(tf.abs(tf.sub(expected, apart.grads[name] as tf.Tensor))).dataSync()[0]).toBeLessThan(1e-6);
  }
  const inputs = (ran: string[]): number => ran.filter((name) => name === tf.Conv2DBackpropInput).length;
  expect([inputs(fused.ran), inputs(apart.ran)]).toEqual([2, 1]);
  expect(gradients().ran).toEqual(fused.ran);
});
