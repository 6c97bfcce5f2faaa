// Files that go into dist/ as they are: WASM binaries, fonts, the schema.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { buildDatabase } from './database.mjs';

/** [source, destination under dist]; a folder is copied whole. */
const assets = [
  ['schema.sql', 'backend/schema.sql'],
  // What the native engine's binding is compiled from on a user's machine.
  ['node_modules/@tensorflow/tfjs-node/binding', 'backend/tensorflow/binding'],
  ['backend/training/engines/kernels', 'backend/tensorflow/kernels'],
  ['node_modules/node-api-headers/include', 'backend/tensorflow/include'],
  // What the ONNX engine is tried with once it is installed.
  ['scripts/lib/onnx/trial', 'backend/onnx-trial'],
  ['assets/g2p-fa', 'backend/g2p-fa'],
  [
    'node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm',
    'backend/wasm/tfjs-backend-wasm.wasm',
  ],
  [
    'node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
    'backend/wasm/tfjs-backend-wasm-simd.wasm',
  ],
  [
    'node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm',
    'backend/wasm/tfjs-backend-wasm-threaded-simd.wasm',
  ],
  [
    'node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js',
    'backend/wasm/tfjs-backend-wasm-threaded-simd.js',
  ],
  [
    'node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm',
    'webviews/wasm/tfjs-backend-wasm.wasm',
  ],
  [
    'node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
    'webviews/wasm/tfjs-backend-wasm-simd.wasm',
  ],
];

export async function copyAssets({ root, out, cp }) {
  for (const [from, to] of assets) {
    const source = path.join(root, from);
    if (!existsSync(source))
      throw new Error(`build: ${from} is missing; it is in the repository, or comes with npm ci`);
    await cp(source, path.join(out, to), { recursive: true });
  }
  await buildDatabase(path.join(out, 'backend', 'database'));
}
