/**
 * A whole LSTM (Hochreiter & Schmidhuber 1997) on the native engine. tfjs computes it one point of time after the other,
 * in some dozen operations each. Forward it is one of TensorFlow's; backward three for a point of time, and the gradients
 * of kernel and input are one product over all of them: TensorFlow's own gradient takes those apart too.
 */
import * as tf from '@tensorflow/tfjs-core';
import { nativeBackend, type NativeBackend, type OpAttribute } from './nativeOps';

/** TensorFlow's number for 64-bit integers, which tfjs does not have. */
const int64 = 9;
const gates = 4;
/** Of the cell, of the sums before the gates, and three of peepholes. */
const cellGradients = 5;
const sliced = ['i', 'cs', 'f', 'o', 'ci', 'co'] as const;
/** The states that the operation gives, in its order. */
const saved = [...sliced, 'h'] as const;

type Saved = Readonly<Record<(typeof saved)[number], tf.Tensor3D>>;

/**
 * Sigmoid gates, tanh cells, states of zero at first.
 * @param x `[length, batch, channels]`
 * @param kernel `[channels + units, 4 · units]`, gates in Keras's order: input, forget, cell, output
 * @param bias `[4 · units]`
 * @returns `[length, batch, units]`
 */
export function nativeLstm(x: tf.Tensor3D, kernel: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor3D {
  const whole = tf.customGrad((...given: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [input, weights, shift, save] = given as [tf.Tensor3D, tf.Tensor2D, tf.Tensor1D, tf.GradSaveFunc];
    const ordered = swapGates(weights);
    const all = forward(here(), input, ordered, swapGates(shift));
    save([input, ordered, ...saved.map((name) => all[name])]);
    return { value: all.h, gradFunc: (dy, kept) => backward(here(), dy, kept) };
  });
  return whole(x, kernel, bias);
}

function here(): NativeBackend {
  const backend = nativeBackend();
  if (backend === undefined) throw new Error('an LSTM in one operation is for the native engine alone');
  return backend;
}

/** Between Keras's order of gates and TensorFlow's, in which cell and forget have changed places. */
function swapGates<T extends tf.Tensor>(tensor: T): T {
  const axis = tensor.rank - 1;
  const [first, second, third, fourth] = tf.split(tensor, gates, axis) as [T, T, T, T];
  return tf.concat([first, third, second, fourth], axis);
}

function attributes({ binding }: NativeBackend) {
  const type = (name: string, value: number): OpAttribute => ({ name, type: binding.TF_ATTR_TYPE, value });
  return {
    real: type('T', binding.TF_FLOAT),
    type,
    whole: (name: string, value: number): OpAttribute => ({ name, type: binding.TF_ATTR_INT, value }),
    number: (name: string, value: number): OpAttribute => ({ name, type: binding.TF_ATTR_FLOAT, value }),
    noPeephole: { name: 'use_peephole', type: binding.TF_ATTR_BOOL, value: false } satisfies OpAttribute,
  };
}

/** The length as the operation takes it; the caller deletes it. */
function lengthOf(backend: NativeBackend, length: number): number {
  const { binding } = backend;
  const { type } = attributes(backend);
  const short = binding.createTensor([], binding.TF_INT32, Int32Array.of(length));
  const types = [type('SrcT', binding.TF_INT32), type('DstT', int64)];
  const [long] = binding.executeOp('Cast', types, [short], 1);
  binding.deleteTensor(short);
  if (long === undefined) throw new Error('the engine gave back no tensor');
  return long.id;
}

function forward(backend: NativeBackend, x: tf.Tensor3D, kernel: tf.Tensor2D, bias: tf.Tensor1D): Saved {
  const [length, batch] = x.shape;
  const units = bias.size / gates;
  const state = tf.zeros([batch, units]);
  const peephole = tf.zeros([units]);
  const { real, number, noPeephole } = attributes(backend);
  const rest = backend.getInputTensorIds([x, state, state, kernel, peephole, peephole, peephole, bias]);
  const steps = lengthOf(backend, length);
  const options = [real, number('forget_bias', 0), number('cell_clip', 0), noPeephole];
  const outputs = backend.binding.executeOp('BlockLSTM', options, [steps, ...rest], saved.length);
  backend.binding.deleteTensor(steps);
  const tensors = outputs.map((output) => backend.createOutputTensor(output) as tf.Tensor3D);
  return Object.fromEntries(saved.map((name, at) => [name, tensors[at]])) as unknown as Saved;
}

function backward(backend: NativeBackend, dy: tf.Tensor3D, kept: readonly tf.Tensor[]): tf.Tensor[] {
  const [x, kernel, ...all] = kept as [tf.Tensor3D, tf.Tensor2D, ...tf.Tensor3D[]];
  const states = Object.fromEntries(saved.map((name, at) => [name, all[at]])) as unknown as Saved;
  const [length, batch, channels] = x.shape;
  const units = states.h.shape[2];
  const slopes = tf.reshape(gateSlopes(backend, dy, kernel, states, channels), [
    length * batch,
    gates * units,
  ]);
  const flat = tf.reshape(x, [length * batch, channels]);
  const before = tf.concat([tf.zeros([1, batch, units]), tf.slice(states.h, 0, [length - 1, batch, units])]);
  const recurrent = tf.reshape(before, [length * batch, units]);
  const dKernel = tf.concat([tf.matMul(flat, slopes, true), tf.matMul(recurrent, slopes, true)]);
  const inward = tf.slice(kernel, 0, [channels, gates * units]);
  const dx = tf.reshape(tf.matMul(slopes, inward, false, true), x.shape);
  return [dx, swapGates(dKernel), swapGates(tf.sum(slopes, 0))];
}

/** The slope of the loss by the sums before the gates, `[length, batch, 4 · units]`. */
function gateSlopes(
  backend: NativeBackend,
  dy: tf.Tensor3D,
  kernel: tf.Tensor2D,
  states: Saved,
  channels: number,
): tf.Tensor {
  const { binding } = backend;
  const { real, whole } = attributes(backend);
  const length = dy.shape[0];
  const along = [whole('axis', 0), real];
  const apart = (tensor: tf.Tensor): number[] =>
    binding
      .executeOp('Unpack', [whole('num', length), ...along], backend.getInputTensorIds([tensor]), length)
      .map(({ id }) => id);
  const lists = sliced.map((name) => [name, apart(states[name])] as const);
  const times = { ...Object.fromEntries(lists), dy: apart(dy) } as Times;
  const made = Object.values(times).flat();
  const slopes = throughTime(backend, times, constantsOf(backend, kernel, states, channels), made);
  const [joined] = binding.executeOp('Pack', [whole('N', length), ...along], slopes, 1);
  for (const id of made) binding.deleteTensor(id);
  if (joined === undefined) throw new Error('the engine gave back no tensor');
  return backend.createOutputTensor(joined);
}

/** The engine's tensors of each point of time. */
type Times = Record<(typeof sliced)[number] | 'dy', number[]>;

interface Constants {
  readonly none: number;
  /** `[4 · units, units]`: turned once, so that each product reads it along its rows. */
  readonly recurrent: number;
  readonly input: number;
  /** Kernel, peepholes and bias as the operation takes them. */
  readonly fixed: readonly number[];
}

/** Of input, output before, kernel, peepholes and bias the operation looks at the shapes alone. */
function constantsOf(backend: NativeBackend, kernel: tf.Tensor2D, { h }: Saved, channels: number): Constants {
  const [, batch, units] = h.shape;
  const recurrent = tf.transpose(tf.slice(kernel, channels, [units, gates * units]));
  const zeros = [[batch, units], [batch, channels], [units], [gates * units]].map((shape) => tf.zeros(shape));
  const ids = backend.getInputTensorIds([recurrent, kernel, ...zeros]);
  const [back = -1, whole = -1, none = -1, input = -1, peephole = -1, bias = -1] = ids;
  return { none, recurrent: back, input, fixed: [whole, peephole, peephole, peephole, bias] };
}

/** From the last point of time to the first. Adds what it makes to `made`; answers the slopes before the gates. */
function throughTime(
  { binding }: NativeBackend,
  times: Times,
  { none, recurrent, input, fixed }: Constants,
  made: number[],
): number[] {
  const type: OpAttribute = { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
  const flag = (name: string, value: boolean): OpAttribute => ({ name, type: binding.TF_ATTR_BOOL, value });
  const plain = [type, flag('use_peephole', false)];
  const straight = [type, flag('transpose_a', false), flag('transpose_b', false)];
  const run = (name: string, options: OpAttribute[], inputs: readonly number[], count: number): number[] => {
    const ids = binding.executeOp(name, options, inputs, count).map(({ id }) => id);
    made.push(...ids);
    return ids;
  };
  const slopes: number[] = [];
  let dCell = none;
  let [dOutput = -1] = times.dy.slice(-1);
  for (let t = times.dy.length - 1; t >= 0; t--) {
    const at = (name: keyof Times): number => times[name][t] ?? -1;
    const before = [times.cs[t - 1] ?? none, none];
    const now = [at('i'), at('cs'), at('f'), at('o'), at('ci'), at('co')];
    const inputs = [input, ...before, ...fixed, ...now, dCell, dOutput];
    const [cell = -1, slope = -1] = run('LSTMBlockCellGrad', plain, inputs, cellGradients);
    slopes[t] = slope;
    if (t === 0) break;
    const [through = -1] = run('MatMul', straight, [slope, recurrent], 1);
    [dOutput = -1] = run('AddV2', [type], [through, times.dy[t - 1] ?? -1], 1);
    dCell = cell;
  }
  return slopes;
}
