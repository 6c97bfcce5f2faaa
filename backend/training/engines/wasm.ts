import path from 'node:path';
import { getThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { env, setBackend } from '@tensorflow/tfjs-core';
import { registerGradientKernels } from '../../../ml/kernels/register';
import { wasmFolder } from './place';

export interface WasmBuild {
  readonly simd: boolean;
  /** 1 in Node: tfjs leaves its threads to browsers, and starts them from a Blob, which Node's workers refuse. */
  readonly threads: number;
}

/** Answers which of its builds runs. */
export async function loadWasm(): Promise<WasmBuild> {
  const folder = wasmFolder();
  if (folder === undefined) throw new Error('the .wasm files are missing from this installation');
  setWasmPaths(`${folder}${path.sep}`);
  if (!(await setBackend('wasm'))) throw new Error('WebAssembly could not be started');
  registerGradientKernels('wasm');
  return { simd: await env().getAsync('WASM_HAS_SIMD_SUPPORT').then(Boolean), threads: getThreadsCount() };
}
