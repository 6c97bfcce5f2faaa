/** Lets tfjs's LSTM layer compute whole sequences at once on the native engine; its weights and its files stay the same. */
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { nativeLstm } from './engines/nativeLstm';
import { ownKernels } from './engines/ownKernels';
import { ownLstm } from './engines/ownLstm';

interface Weight {
  read(): tf.Tensor;
}

/** What is looked at of tfjs's layer, which declares less of it. */
interface LstmLayer {
  readonly goBackwards: boolean | undefined;
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly stateful: boolean;
  readonly cell: {
    readonly activation: tf.serialization.Serializable;
    readonly recurrentActivation: tf.serialization.Serializable;
    readonly dropout: number;
    readonly recurrentDropout: number;
    readonly kernel: Weight;
    readonly recurrentKernel: Weight;
    /** None without a bias. */
    readonly bias?: Weight | null;
  };
}

type Call = (inputs: tf.Tensor | tf.Tensor[], kwargs?: Readonly<Record<string, unknown>> | null) => unknown;

let done = false;

/** From here on, where the layer is a plain one and the native engine in use. */
export function wholeLstms(): void {
  if (done) return;
  done = true;
  const prototype = Object.getPrototypeOf(layers.lstm({ units: 1 })) as { call: Call };
  const { call } = prototype;
  prototype.call = function (this: LstmLayer, inputs, kwargs) {
    const x = Array.isArray(inputs) && inputs.length === 1 ? inputs[0] : inputs;
    if (!(x instanceof tf.Tensor) || !isWhole(this, x, kwargs ?? {})) return call.call(this, inputs, kwargs);
    const way = ownKernels() === undefined ? compute : computeOwn;
    return tf.tidy(() => way(this, x as tf.Tensor3D));
  };
}

/** What the engine's operation does not do is left to tfjs: masks, states from outside, dropout, other activations. */
function isWhole(layer: LstmLayer, x: tf.Tensor, kwargs: Readonly<Record<string, unknown>>): boolean {
  const { cell } = layer;
  const isPlain =
    cell.activation.getClassName() === 'tanh' &&
    cell.recurrentActivation.getClassName() === 'sigmoid' &&
    !cell.dropout &&
    !cell.recurrentDropout &&
    !layer.returnState &&
    !layer.stateful;
  const isAlone = (kwargs['mask'] ?? kwargs['initialState'] ?? undefined) === undefined;
  return isPlain && isAlone && tf.getBackend() === 'tensorflow' && x.rank === 3 && x.dtype === 'float32';
}

function compute({ cell, goBackwards, returnSequences }: LstmLayer, x: tf.Tensor3D): tf.Tensor {
  const kernel = tf.concat([cell.kernel.read(), cell.recurrentKernel.read()]) as tf.Tensor2D;
  const bias = (cell.bias?.read() ?? tf.zeros([kernel.shape[1]])) as tf.Tensor1D;
  const byTime = tf.transpose(x, [1, 0, 2]);
  const states = nativeLstm(goBackwards === true ? tf.reverse(byTime, 0) : byTime, kernel, bias);
  if (returnSequences) return tf.transpose(states, [1, 0, 2]);
  const [length, batch, units] = states.shape;
  return tf.reshape(tf.slice(states, length - 1, 1), [batch, units]);
}

function computeOwn({ cell, goBackwards, returnSequences }: LstmLayer, x: tf.Tensor3D): tf.Tensor {
  const weights = {
    kernel: cell.kernel.read() as tf.Tensor2D,
    recurrent: cell.recurrentKernel.read() as tf.Tensor2D,
    bias: (cell.bias?.read() ?? undefined) as tf.Tensor1D | undefined,
  };
  const backwards = goBackwards === true;
  const states = ownLstm(x, weights, backwards);
  // tfjs gives the states in the order in which they were computed.
  if (returnSequences) return backwards ? tf.reverse(states, 1) : states;
  const [batch, length, units] = states.shape;
  const last = tf.slice(states, [0, backwards ? 0 : length - 1, 0], [batch, 1, units]);
  return tf.reshape(last, [batch, units]);
}
