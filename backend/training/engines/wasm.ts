import path from 'node:path';
import { getThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { env, setBackend } from '@tensorflow/tfjs-core';
import { registerGradientKernels } from '../../../ml/kernels/register';
import { threadedLoader, wasmFolder } from './place';
import { heapInUse } from '../../../ml/kernels/wasm/heap';
import { wantedThreads, withThreads } from './wasmThreads';

export interface WasmBuild {
  readonly simd: boolean;
  readonly threads: number;
  /** Multiplies and adds in one instruction ("relaxed SIMD"). */
  readonly relaxedSimd: boolean;
}

/** Answers which of its builds runs. */
export async function loadWasm(): Promise<WasmBuild> {
  const folder = wasmFolder();
  if (folder === undefined) throw new Error('the .wasm files are missing from this installation');
  setWasmPaths(`${folder}${path.sep}`);
  const simd = Boolean(await env().getAsync('WASM_HAS_SIMD_SUPPORT'));
  await start(simd ? wantedThreads() : 1);
  registerGradientKernels('wasm');
  return { simd, threads: getThreadsCount(), relaxedSimd: heapInUse()?.isFused ?? false };
}

async function start(threads: number): Promise<void> {
  const loader = threads > 1 ? threadedLoader() : undefined;
  const begin = async (): Promise<void> => {
    if (!(await setBackend('wasm'))) throw new Error('WebAssembly could not be started');
  };
  if (loader === undefined) return begin();
  // One thread is slower and always works; the run records how many there are.
  await withThreads(threads, loader, begin).catch(begin);
}
