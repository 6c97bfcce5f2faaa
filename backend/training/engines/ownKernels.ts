/**
 * Operations of Goya's own in TensorFlow (`kernels/`, compiled with the engine's binding): what takes dozens of calls
 * otherwise, in one. An engine without them, built by an older Goya or for another processor, goes the longer ways.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { nativeBackend, type NativeBackend, type OpAttribute } from './nativeOps';
import { kernelsFile } from '../../../scripts/lib/tensorflow/release.mjs';

let loaded = false;

/** After the binding was loaded. Answers why they are not there, or nothing. */
export function loadOwnKernels(engineFolder: string): string | undefined {
  const file = path.join(engineFolder, kernelsFile);
  if (!existsSync(file)) return 'the engine was built without them';
  const { problem } = createRequire(import.meta.url)(file) as { readonly problem: string };
  loaded = problem === '';
  return loaded ? undefined : problem;
}

/** The native engine, where it is in use and has these operations. */
export function ownKernels(): NativeBackend | undefined {
  return loaded ? nativeBackend() : undefined;
}

/** Runs one of them. Flags and numbers are its attributes. */
export function runOwn(
  backend: NativeBackend,
  name: string,
  attributes: Readonly<Record<string, boolean | number>>,
  inputs: readonly TensorInfo[],
  count: number,
): Tensor[] {
  const { TF_ATTR_BOOL, TF_ATTR_FLOAT } = backend.binding;
  const given: OpAttribute[] = Object.entries(attributes).map(([key, value]) => ({
    name: key,
    type: typeof value === 'boolean' ? TF_ATTR_BOOL : TF_ATTR_FLOAT,
    value,
  }));
  return backend.executeMultipleOutputs(name, given, [...inputs], count);
}

/** Whether another operation whose gradient is being recorded gave this tensor. */
export function isComputed(x: Tensor): boolean {
  const { activeTape } = engine().state;
  return activeTape.some(({ outputs }) => outputs.some(({ id }) => id === x.id));
}
