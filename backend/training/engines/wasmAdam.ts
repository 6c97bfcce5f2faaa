/** Adam on WebAssembly: one walk over each weight, which changes its moments where they lie. */
import * as tf from '@tensorflow/tfjs-core';
import { figures } from '../../../ml/kernels/wasm/adam';
import { heapInUse, type Heap } from '../../../ml/kernels/wasm/heap';
import type { AdamTask } from './ownAdam';
import type { AdamStep } from './fusedAdam';

/** Numbers of a vector; what is left over is done without. */
const lanes = 4;

export class WasmAdam {
  /** Where WebAssembly is in use and has vectors. */
  static here(): WasmAdam | undefined {
    const heap = heapInUse();
    return heap === undefined ? undefined : new WasmAdam(heap);
  }

  private constructor(private readonly heap: Heap) {}

  /** Changes the weights and the moments. */
  apply(tasks: readonly AdamTask[]): void {
    this.heap.withRoom([figures], (rule) => {
      for (const task of tasks) this.step(task, rule);
    });
  }

  /** The weight gets a tensor of its own each time: the backend keeps what it packed of the one before. */
  private step({ weight, m, v, gradient, step }: AdamTask, rule: tf.TensorInfo): void {
    const { heap } = this;
    this.own(m);
    this.own(v);
    const next = heap.make(weight.shape);
    const rules = ruleOf(step);
    heap.numbers(rule).set(rules);
    const whole = weight.size - (weight.size % lanes);
    if (whole > 0)
      heap.run.adam(
        heap.addressOf(weight),
        heap.addressOf(m),
        heap.addressOf(v),
        heap.addressOf(gradient),
        heap.addressOf(rule),
        whole,
        heap.addressOf(next),
      );
    if (whole < weight.size)
      finish(
        [weight, m, v, gradient, next].map((one) => heap.numbers(one).subarray(whole)),
        rules,
      );
    assign(weight, next);
  }

  /** Gives the variable numbers of its own where others may look at them. */
  private own(variable: tf.Variable): void {
    const { backend } = this.heap;
    if (backend.refCount(variable.dataId) === 1) return;
    const copy = this.heap.make(variable.shape);
    this.heap.numbers(copy).set(this.heap.numbers(variable));
    assign(variable, copy);
  }
}

function assign(variable: tf.Variable, value: tf.TensorInfo): void {
  const tensor = tf.engine().makeTensorFromTensorInfo(value);
  variable.assign(tensor);
  tensor.dispose();
}

/** In the order that the function reads them; the bias corrections fold into one factor and a scaled epsilon. */
function ruleOf({ rate, beta1, beta2, epsilon, decay, iteration }: AdamStep): Float32Array {
  const correction = Math.sqrt(1 - beta2 ** iteration);
  const factor = (rate * correction) / (1 - beta1 ** iteration);
  return Float32Array.of(beta1, 1 - beta1, beta2, 1 - beta2, epsilon * correction, factor, 1 - rate * decay);
}

/** The numbers that fill no vector. */
function finish(views: readonly Float32Array[], rule: Float32Array): void {
  const [weight, m, v, gradient, next] = views;
  if (
    weight === undefined ||
    m === undefined ||
    v === undefined ||
    gradient === undefined ||
    next === undefined
  )
    return;
  const [beta1 = 0, rest1 = 0, beta2 = 0, rest2 = 0, epsilon = 0, factor = 0, kept = 1] = rule;
  gradient.forEach((g, i) => {
    const mean = (m[i] = (m[i] ?? 0) * beta1 + g * rest1);
    const spread = (v[i] = (v[i] ?? 0) * beta2 + g * g * rest2);
    next[i] = (weight[i] ?? 0) * kept - (mean / (Math.sqrt(spread) + epsilon)) * factor;
  });
}
