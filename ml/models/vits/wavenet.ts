/** A stack of gated dilated convolutions (van den Oord et al. 2016). */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelTensors } from '../../weights/modelTensors';
import { conv1d, loadConv1d, type Conv1d } from '../shared/conv1d';
import { halves } from '../shared/halves';
import type { FlowConfig } from './config';

export interface Wavenet {
  readonly layers: readonly { readonly gates: Conv1d; readonly passes: Conv1d }[];
  /** The speaker's part in each layer's gates; none in a model of one voice. */
  readonly speaker: Conv1d | undefined;
  readonly width: number;
}

export async function loadWavenet(
  tensors: ModelTensors,
  name: string,
  { width, layers, size, dilationRate }: FlowConfig,
  speakerWidth: number,
): Promise<Wavenet> {
  const stack: Wavenet['layers'][number][] = [];
  for (let i = 0; i < layers; i++) {
    const to = i < layers - 1 ? 2 * width : width;
    stack.push({
      gates: await loadConv1d(tensors, `${name}.in_layers.${i}`, {
        from: width,
        to: 2 * width,
        size,
        dilation: dilationRate ** i,
      }),
      passes: await loadConv1d(tensors, `${name}.res_skip_layers.${i}`, { from: width, to, size: 1 }),
    });
  }
  const condition = { from: speakerWidth, to: 2 * width * layers, size: 1 };
  const speaker = speakerWidth > 0 ? await loadConv1d(tensors, `${name}.cond_layer`, condition) : undefined;
  return { layers: stack, speaker, width };
}

/**
 * Call inside `tf.tidy`.
 * @param x `[1, 1, length, width]`, as is the answer
 * @param speaker `[1, 1, 1, speaker width]`
 */
export function runWavenet(x: tf.Tensor4D, wavenet: Wavenet, speaker: tf.Tensor4D | undefined): tf.Tensor4D {
  const { layers, width } = wavenet;
  const condition =
    speaker === undefined || wavenet.speaker === undefined ? undefined : conv1d(speaker, wavenet.speaker);
  let state = x;
  let output: tf.Tensor4D | undefined;
  layers.forEach(({ gates, passes }, i) => {
    const open = conv1d(state, gates);
    const told =
      condition === undefined
        ? open
        : tf.add<tf.Tensor4D>(open, tf.slice4d(condition, [0, 0, 0, 2 * width * i], [1, 1, 1, 2 * width]));
    const [values, gate] = halves(told);
    const passed = conv1d(tf.mul(tf.tanh(values), tf.sigmoid(gate)), passes);
    let skipped = passed;
    // The last layer only adds to the output.
    if (i < layers.length - 1) {
      const [onward, aside] = halves(passed);
      state = tf.add(state, onward);
      skipped = aside;
    }
    output = output === undefined ? skipped : tf.add(output, skipped);
  });
  return output ?? tf.zerosLike(x);
}
