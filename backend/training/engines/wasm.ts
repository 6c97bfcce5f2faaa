import path from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { setBackend } from '@tensorflow/tfjs-core';
import { registerGradientKernels } from '../../../ml/kernels/register';
import { wasmFolder } from './place';

export async function loadWasm(): Promise<void> {
  const folder = wasmFolder();
  if (folder === undefined) throw new Error('the .wasm files are missing from this installation');
  setWasmPaths(`${folder}${path.sep}`);
  if (!(await setBackend('wasm'))) throw new Error('WebAssembly could not be started');
  registerGradientKernels('wasm');
}
