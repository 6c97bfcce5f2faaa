/**
 * The native backend: tfjs-node's JavaScript (backend class and kernels), bundled with our one tfjs-core, around the
 * native binding of an engine folder. The package's own entry is not used: it insists on its installer's layout.
 */
import { createRequire } from 'node:module';
import util from 'node:util';
import { registerBackend, setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-node/dist/register_all_kernels';
import { EagerBackend } from './eagerBackend';
import type { NativeEngine } from './locate';
import { registerCompiler } from '../../../ml/kernels/compiled';
import { compileGraph } from './graph/compile';
import { registerAttendRow } from './nativeAttendRow';
import { registerAttention } from './nativeAttention';
import { registerConv1d } from './nativeConv1d';
import { registerDense } from './nativeDense';
import { registerNativeKernels } from './nativeKernels';
import { registerLayerNorm } from './nativeLayerNorm';
import { loadOwnKernels } from './ownKernels';

/** tfjs-node 4.22 calls two functions that Node 23 removed. */
function restoreRemovedNodeFunctions(): void {
  const target = util as unknown as Record<string, unknown>;
  target['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  target['isArray'] ??= Array.isArray;
}

/** Answers why Goya's own operations are not there, or nothing. */
export async function loadTensorflow(
  engine: Pick<NativeEngine, 'folder' | 'binding'>,
): Promise<string | undefined> {
  // Read by the native library when it loads; its start-up notices are no errors.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  restoreRemovedNodeFunctions();
  const binding: unknown = createRequire(import.meta.url)(engine.binding);
  registerBackend('tensorflow', () => new EagerBackend(binding as never, '@tensorflow/tfjs-node'), 3);
  if (!(await setBackend('tensorflow'))) throw new Error('tfjs refused the native backend');
  registerNativeKernels();
  registerCompiler('tensorflow', compileGraph);
  const lacking = loadOwnKernels(engine.folder);
  if (lacking === undefined) {
    registerDense();
    registerConv1d();
    registerAttention();
    registerAttendRow();
    registerLayerNorm();
  }
  // With tfjs-layers, which the start of a process can do without.
  (await import('../lstmLayer')).wholeLstms();
  return lacking;
}
