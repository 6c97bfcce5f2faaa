/**
 * Functions of tensors that an engine may make one program of. Run operation by operation, small ones cost more to call
 * than to compute, and nothing is fused.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Its answers are tensors of their own, never its inputs. */
export type TensorFunction = (inputs: readonly tf.Tensor[]) => tf.Tensor[];

export interface Program {
  /** The answers are the caller's. */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[];
  dispose(): void;
}

/** Runs the function once on examples to see what it does. */
export type Compile = (work: TensorFunction, examples: readonly tf.Tensor[]) => Program;

const compilers = new Map<string, Compile>();

/** For one of tfjs's backends. Where there is none, functions run operation by operation. */
export function registerCompiler(backendName: string, compile: Compile): void {
  compilers.set(backendName, compile);
}

/**
 * A function that does the same whatever the sizes of its inputs: it may depend on them only through what tfjs's
 * operations do by themselves (a −1 in a reshape). What it uses besides its inputs must live as long as this.
 */
export class Compiled {
  private program: Program | undefined;

  constructor(private readonly work: TensorFunction) {}

  /** The answers are the caller's, or those of the `tf.tidy` around. */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const compile = compilers.get(tf.getBackend());
    if (compile === undefined) return tf.tidy(() => this.work(inputs));
    this.program ??= compile(this.work, inputs);
    return this.program.run(inputs);
  }

  dispose(): void {
    this.program?.dispose();
    this.program = undefined;
  }
}

/** Kinds of one function that are kept. */
const mostKinds = 8;

/** One for each kind of call, made when it is first asked for; of too many kinds the first made goes. */
export class CompiledSet {
  private readonly made = new Map<string, Compiled>();

  of(kind: string, work: TensorFunction): Compiled {
    const known = this.made.get(kind);
    if (known !== undefined) return known;
    for (const [first, one] of this.made) {
      if (this.made.size < mostKinds) break;
      one.dispose();
      this.made.delete(first);
    }
    const fresh = new Compiled(work);
    this.made.set(kind, fresh);
    return fresh;
  }

  dispose(): void {
    for (const one of this.made.values()) one.dispose();
    this.made.clear();
  }
}
