/** Where files lie that belong to the program: beside the bundle in dist/backend, or in the checkout for tests. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Looks in this module's folder and in each above it for the first of `names` that exists. */
export function findUp(...names: readonly string[]): string | undefined {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  for (;;) {
    for (const name of names) {
      const candidate = path.join(folder, name);
      if (existsSync(candidate)) return candidate;
    }
    const parent = path.dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

/** The folder with `tfjs-backend-wasm*.wasm`. */
export function wasmFolder(): string | undefined {
  const file = findUp(
    path.join('wasm', 'tfjs-backend-wasm.wasm'),
    path.join('node_modules', '@tensorflow', 'tfjs-backend-wasm', 'dist', 'tfjs-backend-wasm.wasm'),
  );
  return file === undefined ? undefined : path.dirname(file);
}

/** The file of the threaded build's loader: its workers run it too. */
export function threadedLoader(): string | undefined {
  return findUp(
    path.join('wasm', 'tfjs-backend-wasm-threaded-simd.js'),
    path.join(
      'node_modules',
      '@tensorflow',
      'tfjs-backend-wasm',
      'wasm-out',
      'tfjs-backend-wasm-threaded-simd.js',
    ),
  );
}
