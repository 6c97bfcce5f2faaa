/**
 * Adam in one of TensorFlow's operations for each weight, in place of a dozen of tfjs's: for small models those were
 * most of a step. Weight and moments live in the engine's own variables; tfjs's are made to look at them.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { nativeBackend, type NativeBackend, type OpAttribute } from './nativeOps';

export interface AdamStep {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Share of the weight taken off before the step. */
  readonly decay: number;
  /** From 1. */
  readonly iteration: number;
}

export interface Moments {
  readonly m: tf.Variable;
  readonly v: tf.Variable;
}

/** One of the engine's variables, and the tensor with which it was last made alike. */
interface Resource {
  readonly handle: number;
  seen: number;
}

interface Entry extends Moments {
  readonly weight: tf.Variable;
  readonly resources: Readonly<Record<'weight' | 'm' | 'v', Resource>>;
}

/** The tensor of a variable that only the engine holds just now. */
const lent = -1;
/** Names of the engine's variables must differ as long as the process lives. */
let made = 0;

export class FusedAdam {
  private readonly entries = new Map<tf.Variable, Entry>();
  private readonly constants = new Map<number, number>();
  private readonly attributes: Readonly<Record<'T' | 'dtype', readonly OpAttribute[]>>;

  /** For the native engine alone. */
  static here(): FusedAdam | undefined {
    const backend = nativeBackend();
    return backend === undefined ? undefined : new FusedAdam(backend);
  }

  private constructor(private readonly backend: NativeBackend) {
    const { TF_ATTR_TYPE: type, TF_FLOAT: value } = backend.binding;
    this.attributes = { T: [{ name: 'T', type, value }], dtype: [{ name: 'dtype', type, value }] };
  }

  /** Changes the weight; its moments can be looked at after `sync`. */
  apply(weight: tf.Variable, moments: Moments, gradient: tf.Tensor, step: AdamStep): void {
    const entry = this.entries.get(weight) ?? this.enter(weight, moments);
    const { resources } = entry;
    this.hand(resources.weight, weight);
    this.hand(resources.m, entry.m);
    this.hand(resources.v, entry.v);
    if (step.decay > 0) this.shrink(resources.weight, step.rate * step.decay);
    // With nobody else looking at them, the engine changes them where they lie.
    const own = { weight: this.lend(weight), m: this.lend(entry.m), v: this.lend(entry.v) };
    this.update(resources, gradient, step);
    this.look(resources.weight, weight, own.weight);
    if (own.m) resources.m.seen = lent;
    else this.look(resources.m, entry.m, false);
    if (own.v) resources.v.seen = lent;
    else this.look(resources.v, entry.v, false);
  }

  /** Lets tfjs's variables look at the moments, until the next step. */
  sync(): void {
    for (const { m, v, resources } of this.entries.values()) {
      if (resources.m.seen === lent) this.look(resources.m, m, true);
      if (resources.v.seen === lent) this.look(resources.v, v, true);
    }
  }

  dispose(): void {
    const { binding } = this.backend;
    for (const { resources } of this.entries.values()) {
      for (const { handle } of Object.values(resources)) {
        binding.executeOp('DestroyResourceOp', [], [handle], 0);
        binding.deleteTensor(handle);
      }
    }
    for (const id of this.constants.values()) binding.deleteTensor(id);
    this.entries.clear();
    this.constants.clear();
  }

  /** The bias corrections fold into one factor and a scaled epsilon, which are exact where powers in 32 bits are not. */
  private update(
    { weight, m, v }: Entry['resources'],
    gradient: tf.Tensor,
    { rate, beta1, beta2, epsilon, iteration }: AdamStep,
  ): void {
    const { binding } = this.backend;
    const correction = Math.sqrt(1 - beta2 ** iteration);
    const zero = this.constant(0);
    const passing = [(rate * correction) / (1 - beta1 ** iteration), epsilon * correction].map((value) =>
      this.scalar(value),
    );
    const [factor = lent, scaled = lent] = passing;
    const [slope = lent] = this.backend.getInputTensorIds([gradient]);
    const figures = [zero, zero, factor, this.constant(beta1), this.constant(beta2), scaled];
    binding.executeOp(
      'ResourceApplyAdam',
      this.attributes.T,
      [weight.handle, m.handle, v.handle, ...figures, slope],
      0,
    );
    for (const id of passing) binding.deleteTensor(id);
  }

  private shrink({ handle, seen }: Resource, share: number): void {
    const { binding } = this.backend;
    const scalar = this.scalar(share);
    binding.executeOp('ResourceApplyGradientDescent', this.attributes.T, [handle, scalar, seen], 0);
    binding.deleteTensor(scalar);
  }

  private enter(weight: tf.Variable, moments: Moments): Entry {
    const resource = (): Resource => ({ handle: this.make(weight.shape), seen: lent - 1 });
    const entry = { weight, ...moments, resources: { weight: resource(), m: resource(), v: resource() } };
    this.entries.set(weight, entry);
    return entry;
  }

  private make(shape: readonly number[]): number {
    const { binding } = this.backend;
    const [variable] = binding.executeOp(
      'VarHandleOp',
      [
        ...this.attributes.dtype,
        { name: 'shape', type: binding.TF_ATTR_SHAPE, value: [...shape] },
        { name: 'shared_name', type: binding.TF_ATTR_STRING, value: `goya-${(made += 1)}` },
      ],
      [],
      1,
    );
    if (variable === undefined) throw new Error('the engine made no variable');
    return variable.id;
  }

  /** Gives the engine what tfjs's variable holds, where that has changed since. */
  private hand(resource: Resource, variable: tf.Variable): void {
    const { binding, tensorMap } = this.backend;
    const held = tensorMap.get(variable.dataId);
    if (held.values === null && held.id === resource.seen) return;
    const [id = lent] = this.backend.getInputTensorIds([variable]);
    binding.executeOp('AssignVariableOp', this.attributes.dtype, [resource.handle, id], 0);
    resource.seen = id;
  }

  /** Answers whether the tensor was the variable's alone; otherwise those who share it keep it. */
  private lend(variable: tf.Variable): boolean {
    const held = this.backend.tensorMap.get(variable.dataId);
    if (held.refCount !== 1) return false;
    if (held.id !== lent) this.backend.binding.deleteTensor(held.id);
    held.id = lent;
    return true;
  }

  private look(resource: Resource, variable: tf.Variable, own: boolean): void {
    const { binding, tensorMap } = this.backend;
    const [read] = binding.executeOp('ReadVariableOp', this.attributes.dtype, [resource.handle], 1);
    if (read === undefined) throw new Error('the engine gave back no variable');
    if (own) tensorMap.get(variable.dataId).id = read.id;
    else {
      const tensor = this.backend.createOutputTensor(read);
      variable.assign(tensor);
      tensor.dispose();
    }
    resource.seen = read.id;
  }

  private constant(value: number): number {
    const known = this.constants.get(value);
    if (known !== undefined) return known;
    const id = this.scalar(value);
    this.constants.set(value, id);
    return id;
  }

  private scalar(value: number): number {
    const { binding } = this.backend;
    return binding.createTensor([], binding.TF_FLOAT, Float32Array.of(value));
  }
}
