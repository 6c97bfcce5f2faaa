/**
 * An LSTM whose recurrence is one operation each way; the products over all points of time, of the input and for the
 * weights' gradients, are one each as well.
 */
import * as tf from '@tensorflow/tfjs-core';
import { runWhole, wholeDense } from '../../../ml/layers/whole';
import { ownKernels, runOwn } from './ownKernels';
import type { NativeBackend } from './nativeOps';

export interface LstmWeights {
  /** `[channels, 4 · units]`, gates in Keras's order: input, forget, cell, output. */
  readonly kernel: tf.Tensor2D;
  /** `[units, 4 · units]` */
  readonly recurrent: tf.Tensor2D;
  /** `[4 · units]` */
  readonly bias: tf.Tensor1D | undefined;
}

/**
 * Sigmoid gates, tanh cells, states of zero at first.
 * @param x `[batch, length, channels]`
 * @param reverse from the last point of time to the first
 * @returns `[batch, length, units]`, each state at its point of time
 */
export function ownLstm(
  x: tf.Tensor3D,
  { kernel, recurrent, bias }: LstmWeights,
  reverse: boolean,
): tf.Tensor3D {
  const [batch, length, channels] = x.shape;
  const sums =
    bias === undefined
      ? tf.reshape(tf.matMul(tf.reshape(x, [batch * length, channels]), kernel), [batch, length, -1])
      : runWhole(wholeDense, { x, weight: kernel, bias }, { relu: false });
  return recurrence(sums as tf.Tensor3D, recurrent, reverse);
}

function recurrence(sums: tf.Tensor3D, recurrent: tf.Tensor2D, reverse: boolean): tf.Tensor3D {
  const whole = tf.customGrad((...given: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [before, weights, save] = given as [tf.Tensor3D, tf.Tensor2D, tf.GradSaveFunc];
    const all = runOwn(here(), 'GoyaLstm', { reverse }, [before, weights], 3);
    const [states, gates, cells] = all as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
    save([weights, states, gates, cells]);
    return { value: states, gradFunc: (dy, saved) => backward(dy, saved, reverse) };
  });
  return whole(sums, recurrent);
}

function here(): NativeBackend {
  const backend = ownKernels();
  if (backend === undefined) throw new Error('a whole recurrence is for the native engine alone');
  return backend;
}

function backward(dy: tf.Tensor3D, saved: readonly tf.Tensor[], reverse: boolean): tf.Tensor[] {
  const [recurrent, states, gates, cells] = saved as [tf.Tensor2D, tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
  const [slopes] = runOwn(here(), 'GoyaLstmGrad', { reverse }, [dy, gates, cells, recurrent], 1);
  if (slopes === undefined) throw new Error('the engine gave back no gradient');
  const [batch, length, units] = states.shape;
  const first = tf.zeros([batch, 1, units]);
  const before = reverse
    ? tf.concat([tf.slice(states, [0, 1, 0], [batch, length - 1, units]), first], 1)
    : tf.concat([first, tf.slice(states, [0, 0, 0], [batch, length - 1, units])], 1);
  const flat = (tensor: tf.Tensor): tf.Tensor2D => tf.reshape(tensor, [batch * length, -1]);
  return [slopes, tf.matMul(flat(before), flat(slopes), true)];
}
