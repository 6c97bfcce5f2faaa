/**
 * Shorter ways to the same numbers on the native engine, where each of tfjs's many small operations has its price:
 * gradients in one of TensorFlow's own operations, and plain products for plain matrices.
 */
import * as tf from '@tensorflow/tfjs-core';
// Before ours take their place: the rest of tfjs, which brings them, may be loaded later.
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { isRecording } from './graph/recording';
import type { NativeBackend, OpAttribute } from './nativeOps';

const reluGrad = 'GoyaReluGrad';
export const biasAdd = 'GoyaBiasAdd';
const biasGrad = 'GoyaBiasAddGrad';
const spread = 'GoyaSpread';
const backendName = 'tensorflow';

type Kernel = (
  backend: NativeBackend,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attrs: Readonly<Record<string, unknown>>,
) => tf.TensorInfo;

/** Takes the place of tfjs-node's own where there is one. */
function register(kernelName: string, kernel: Kernel): void {
  if (registered(kernelName)) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) =>
      kernel(backend as NativeBackend, inputs as Readonly<Record<string, tf.Tensor>>, attrs ?? {}),
  });
}

function registered(kernelName: string): boolean {
  return tf.getKernelsForBackend(backendName).some((kernel) => kernel.kernelName === kernelName);
}

function typed({ binding }: NativeBackend, tensor: tf.Tensor): OpAttribute {
  const value = tensor.dtype === 'int32' ? binding.TF_INT32 : binding.TF_FLOAT;
  return { name: 'T', type: binding.TF_ATTR_TYPE, value };
}

/** Once, when the native engine was made ready. */
export function registerNativeKernels(): void {
  register(reluGrad, (backend, { dy, y }) => {
    if (dy === undefined || y === undefined) throw new Error('the gradient of relu takes dy and y');
    return backend.executeSingleOutput('ReluGrad', [typed(backend, y)], [dy, y]);
  });
  register(tf.BatchMatMul, matMul);
  register(tf.Reshape, reshape);
  register(biasAdd, (backend, { x, bias }) => {
    if (x === undefined || bias === undefined) throw new Error('a bias is added to something');
    return backend.executeSingleOutput('BiasAdd', [typed(backend, x)], [x, bias]);
  });
  register(biasGrad, (backend, { dy }) => {
    if (dy === undefined) throw new Error('the gradient of a bias takes dy');
    return backend.executeSingleOutput('BiasAddGrad', [typed(backend, dy)], [dy]);
  });
  register(spread, spreadOut);
  shortenCast();
  shortenGradients();
  shortenMean();
}

const matMul: Kernel = (backend, { a, b }, { transposeA, transposeB }) => {
  if (a === undefined || b === undefined) throw new Error('a product takes two matrices');
  const { TF_ATTR_BOOL: type } = backend.binding;
  const plain = a.rank === 2 && b.rank === 2;
  const [left, right] = plain ? (['transpose_a', 'transpose_b'] as const) : (['adj_x', 'adj_y'] as const);
  return backend.executeSingleOutput(
    plain ? 'MatMul' : 'BatchMatMulV2',
    [typed(backend, a), { name: left, type, value: transposeA }, { name: right, type, value: transposeB }],
    [a, b],
  );
};

/** tfjs casts what its gradients multiply by to floats, which it is already: no copy of that. */
function shortenCast(): void {
  const stock = tf.getKernel(tf.Cast, backendName);
  register(tf.Cast, (backend, inputs, attrs) => {
    const { x } = inputs;
    if (x === undefined) throw new Error('nothing to cast');
    if (x.dtype !== attrs['dtype'])
      return stock.kernelFunc({ inputs, backend, attrs: { ...attrs } as tf.NamedAttrMap }) as tf.TensorInfo;
    backend.incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  });
}

/** The engine's tensors of shapes, made once for each: most reshapes are the same ones in every step. */
const shapes = new Map<string, number>();
const mostShapes = 2000;

function shapeTensor({ binding }: NativeBackend, shape: readonly number[]): number {
  const key = shape.join();
  const known = shapes.get(key);
  if (known !== undefined) return known;
  if (shapes.size >= mostShapes) {
    for (const id of shapes.values()) binding.deleteTensor(id);
    shapes.clear();
  }
  const id = binding.createTensor([shape.length], binding.TF_INT32, Int32Array.from(shape));
  shapes.set(key, id);
  return id;
}

const reshape: Kernel = (backend, { x }, { shape }) => {
  if (x === undefined) throw new Error('nothing to reshape');
  const wanted = tf.util.inferFromImplicitShape(shape as number[], x.size);
  tf.util.assert(
    tf.util.sizeFromShape(wanted) === x.size,
    () => `[${x.shape.join()}] does not fit [${wanted.join()}]`,
  );
  if (tf.util.arraysEqual(wanted, x.shape)) {
    backend.incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  }
  const { TF_ATTR_TYPE: type, TF_INT32: value } = backend.binding;
  const [id = -1] = backend.getInputTensorIds([x]);
  const attributes = [
    { name: 'T', type, value: backend.tensorMap.get(x.dataId).dtype },
    { name: 'Tshape', type, value },
  ];
  const shapeId = isRecording() ? openShape(backend, shape as number[]) : shapeTensor(backend, wanted);
  const [output] = backend.binding.executeOp('Reshape', attributes, [id, shapeId], 1);
  if (isRecording()) backend.binding.deleteTensor(shapeId);
  if (output === undefined) throw new Error('the engine gave back no tensor');
  return backend.createOutputTensor(output);
};

/** In a graph a −1 stands for what other inputs will have there. */
function openShape({ binding }: NativeBackend, asked: readonly number[]): number {
  return binding.createTensor([asked.length], binding.TF_INT32, Int32Array.from(asked));
}

const spreadOut: Kernel = (backend, { x }, { shape }) => {
  if (x === undefined) throw new Error('nothing to spread');
  const { TF_ATTR_TYPE: type, TF_INT32: value } = backend.binding;
  const [id = -1] = backend.getInputTensorIds([x]);
  const to = shapeTensor(backend, shape as number[]);
  const attributes = [typed(backend, x), { name: 'Tidx', type, value }];
  const [output] = backend.binding.executeOp('BroadcastTo', attributes, [id, to], 1);
  if (output === undefined) throw new Error('the engine gave back no tensor');
  return backend.createOutputTensor(output);
};

/** tfjs multiplies by a tensor of ones that it makes in JavaScript, then divides each number: here the few are divided. */
function shortenMean(): void {
  tf.unregisterGradient(tf.Mean);
  tf.registerGradient({
    kernelName: tf.Mean,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => ({
      x: () => {
        if (x === undefined) throw new Error('a mean saved nothing');
        const axes = tf.util.parseAxisParam(attrs['axis'] as number | number[], x.shape);
        const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
        const count = tf.util.sizeFromShape(axes.map((axis) => x.shape[axis] ?? 1));
        const given = dy as tf.Tensor;
        const slope = tf.div(given.rank === 0 ? given : tf.reshape(given, kept), count);
        if (tf.getBackend() !== backendName) return tf.mul(slope, tf.ones(x.shape));
        return tf.engine().runKernel(spread, { x: slope }, { shape: x.shape });
      },
    }),
  });
}

/** tfjs keeps gradients for all engines alike: on the others these do what they did. */
function shortenGradients(): void {
  tf.unregisterGradient(tf.Relu);
  tf.registerGradient({
    kernelName: tf.Relu,
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({
      x: () => {
        if (y === undefined) throw new Error('relu saved nothing');
        const slope = dy as tf.Tensor;
        if (tf.getBackend() === backendName) return tf.engine().runKernel(reluGrad, { dy: slope, y });
        // Where the output is above 0, so was the input.
        return tf.mul(slope, tf.cast(tf.step(y), 'float32'));
      },
    }),
  });
  tf.registerGradient({
    kernelName: biasAdd,
    gradFunc: (dy) => ({
      x: () => (dy as tf.Tensor).clone(),
      bias: () => tf.engine().runKernel(biasGrad, { dy: dy as tf.Tensor }),
    }),
  });
}
