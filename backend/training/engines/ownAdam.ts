/** Adam for all weights of a model in one operation, which changes them and their moments where they lie. */
import type * as tf from '@tensorflow/tfjs-core';
import type { AdamStep } from './fusedAdam';
import type { NativeBackend, OpAttribute } from './nativeOps';
import { ownKernels } from './ownKernels';

export interface AdamTask {
  readonly weight: tf.Variable;
  readonly m: tf.Variable;
  readonly v: tf.Variable;
  readonly gradient: tf.Tensor;
  readonly step: AdamStep;
}

export class OwnAdam {
  /** The engine's tensors that nobody else looks at, by variable. */
  private readonly own = new WeakMap<tf.Variable, number>();
  private readonly type: OpAttribute;

  /** Where the engine has the operation. */
  static here(): OwnAdam | undefined {
    const backend = ownKernels();
    return backend === undefined ? undefined : new OwnAdam(backend);
  }

  private constructor(private readonly backend: NativeBackend) {
    const { TF_ATTR_TYPE, TF_FLOAT } = backend.binding;
    this.type = { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT };
  }

  /** Changes the weights and the moments. */
  apply(tasks: readonly AdamTask[]): void {
    if (tasks.length === 0) return;
    const { binding } = this.backend;
    const n = tasks.length;
    const figures = new Float32Array(5 * n);
    tasks.forEach(({ step }, i) => {
      // The bias corrections fold into one factor and a scaled epsilon.
      const correction = Math.sqrt(1 - step.beta2 ** step.iteration);
      const factor = (step.rate * correction) / (1 - step.beta1 ** step.iteration);
      const rule = [step.beta1, step.beta2, factor, step.epsilon * correction, 1 - step.rate * step.decay];
      rule.forEach((value, which) => (figures[which * n + i] = value));
    });
    const rules = binding.createTensor([5, n], binding.TF_FLOAT, figures);
    const ids = [
      ...tasks.map(({ weight }) => this.alone(weight)),
      ...tasks.map(({ m }) => this.alone(m)),
      ...tasks.map(({ v }) => this.alone(v)),
      ...this.backend.getInputTensorIds(tasks.map(({ gradient }) => gradient)),
    ];
    const count = { name: 'n', type: binding.TF_ATTR_INT, value: n };
    const [done] = binding.executeOp('GoyaAdam', [count], [rules, ...ids], 1);
    binding.deleteTensor(rules);
    if (done !== undefined) binding.deleteTensor(done.id);
  }

  /** The variable's tensor; a copy of it first where others may share its memory. */
  private alone(variable: tf.Variable): number {
    const held = this.backend.tensorMap.get(variable.dataId);
    if (held.refCount === 1 && held.id === this.own.get(variable)) return held.id;
    const [id = -1] = this.backend.getInputTensorIds([variable]);
    const [copy] = this.backend.binding.executeOp('DeepCopy', [this.type], [id], 1);
    if (copy === undefined) throw new Error('the engine made no copy');
    const tensor = this.backend.createOutputTensor(copy);
    variable.assign(tensor);
    tensor.dispose();
    this.own.set(variable, copy.id);
    return copy.id;
  }
}
